<?php
// PHP's built-in server: `php -S 127.0.0.1:PORT server.php`. What was done stands in files, for each request is a
// process of its own.
$place = getenv('DONE');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
header('Content-Type: text/plain');
if ($path === '/effects') {
    echo isset($_GET['id']) ? (int) file_exists($place . '/' . sha1($_GET['id'])) : count(glob($place . '/*'));
    return true;
}
if ($path !== '/hook') {
    http_response_code(404);
    return true;
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    return true;
}
$raw = file_get_contents('php://input');
$given = $_SERVER['HTTP_X_AGENTCLARA_SIGNATURE'] ?? '';
if (!hash_equals(hash_hmac('sha256', $raw, getenv('SECRET')), $given)) {
    http_response_code(401);
    return true;
}
$event = json_decode($raw, true, 512, JSON_BIGINT_AS_STRING | JSON_INVALID_UTF8_SUBSTITUTE);
$broken = !in_array(json_last_error(), [JSON_ERROR_NONE, JSON_ERROR_UTF16, JSON_ERROR_INF_OR_NAN], true);
if ($broken) {
    http_response_code(400);
    return true;
}
$id = is_array($event) ? ($event['data']['message_id'] ?? null) : null;
// Made once, whoever comes first.
@fopen($place . '/' . sha1(is_string($id) ? $id : hash('sha256', $raw)), 'x');
return true;
