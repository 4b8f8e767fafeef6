<?php
// Reads {"style", "json"} a line; writes the JSON as PHP writes it, in base64, a line.
const STYLES = [
    'plain' => 0,
    'slashes' => JSON_UNESCAPED_SLASHES,
    'unicode' => JSON_UNESCAPED_UNICODE,
    'both' => JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE,
    'pretty' => JSON_PRETTY_PRINT,
    'hex' => JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT,
    'fraction' => JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_SLASHES,
];
while (($line = fgets(STDIN)) !== false) {
    $job = json_decode($line);
    echo base64_encode(json_encode(json_decode($job->json), STYLES[$job->style])), "\n";
}
