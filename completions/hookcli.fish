# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_hookcli_global_optspecs
    string join \n json store= no-store color= q/quiet v/verbose log= log-format= config= provider-dir= h/help V/version
end

function __fish_hookcli_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_hookcli_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_hookcli_using_subcommand
    set -l cmd (__fish_hookcli_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c hookcli -n "__fish_hookcli_needs_command" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_needs_command" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_needs_command" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_needs_command" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_needs_command" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_needs_command" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_needs_command" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_needs_command" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_needs_command" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_needs_command" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_needs_command" -s V -l version -d 'Print the version'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "listen" -d 'Receive webhooks: verify, store, answer, show and forward them'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "send" -d 'Send signed sample events to a URL'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "verify" -d 'Verify a request\'s signature and explain a failure'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "replay" -d 'Send captured requests again, unchanged or signed again'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "captures" -d 'Work with received requests: list, show, export, import, delete'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "deliveries" -d 'Work with sent events: list, show, export, retry, statistics'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "check" -d 'Test a receiver: every event, forged signatures, duplicates'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "load" -d 'Send many events and measure the responses'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "events" -d 'List event types, or show the fields and sample of one'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "providers" -d 'List providers, or show the signature and retries of one'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "sign" -d 'Print the signature headers for a body'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "keys" -d 'Create secrets and key pairs'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "init" -d 'Create hookcli.toml, a smoke test and a CI workflow'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "demo" -d 'Try everything once, with every event, on this machine'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "man" -d 'Print a manual page'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s p -l port -d 'The port to listen on; 0 picks a free one [default: 8787]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l provider -d 'Treat every request as this provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l to -d 'Use the provider, secret and signature of this endpoint' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond -d 'Answer with these statuses, for example 503x2,200' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-per -d 'Count the responses over all requests, per event type or per event id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-body -d 'The body of the response' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-header -d 'Add a header to the response' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l delay -d 'Wait before responding, for example 6s or 1s..3s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-to -d 'Forward accepted requests to this URL, port or endpoint' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-retries -d 'How many times to retry a forward that was not accepted' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-timeout -d 'How long a destination can take to respond, or none [default: the provider\'s timeout]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l wait-for-destination -d 'Start only when the destinations accept connections [default time: 30s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l expect -d 'Wait for these events, then exit 0: \'convo/*>=3\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l timeout -d 'The time limit for --expect [default: 30s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max -d 'Stop after this many requests' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l until -d 'Stop after the first event that matches' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l junit -d 'Write the expectations and their results as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show-only -d 'Show only these events: a pattern, or a query such as \'status:4xx\'; repeatable' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show-verdict -d 'Show only requests with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show-where -d 'Show only requests whose JSON has this value: PATH, PATH=VALUE or PATH!=VALUE' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show -d 'Also show headers, the body, or a diff to the previous event of the same type' -r -f -a "headers\t''
body\t''
diff\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l ready-file -d 'Write the listener\'s URL to this file once it is ready' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l port-file -d 'Write the port to this file once the listener is ready' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l public-url -d 'The URL that senders call, for schemes that sign it [default: http and the request\'s Host]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l handshake -d 'Accept the secret from this provider\'s handshake once, then verify with it; app leaves handshakes to the application behind --forward-to' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l handshake-file -d 'The file to write that secret to [default: PROVIDER.secret beside the store]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l tunnel -d 'Make the listener public with cloudflared, ngrok or ssh:USER@HOST, which must be installed' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l bind -d 'The address to listen on, or localhost for 127.0.0.1 and ::1 [default: 127.0.0.1]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l cert -d 'Use TLS with this certificate chain (PEM file)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l key -d 'The private key of --cert (PEM file)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l keep -d 'Set how much the store keeps from now on: an age (7d), a count (100000) or a size (2GiB, the default of a new store)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l sync -d 'full makes acknowledged requests survive a power loss, too' -r -f -a "normal\t''
full\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-body -d 'The largest request body, up to 256MiB' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-head -d 'The largest request head (request line and headers), up to 1MiB' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l head-timeout -d 'How long receiving a request head can take' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l body-timeout -d 'How long receiving a request body can take' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l write-timeout -d 'How long a sender can take to read the response' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-connections -d 'The number of open connections' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-buffered -d 'The memory for request bodies over all connections' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l status-paths -d 'Answer with the status that the path ends with, for example /hook/503'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-always -d 'Answer invalid signatures the same way, instead of with 401'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-async -d 'Answer the sender at once and forward afterwards'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-insecure -d 'Accept any certificate from a destination'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l ordered -d 'Forward one request at a time, in the order received'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l allow-browser -d 'Also forward requests that a web page sent'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l allow-routes -d 'Allow the hookcli.toml of the working tree to forward to other machines'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l expect-valid -d 'Exit 1 if a request arrives whose signature is not valid'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l body -d 'Include bodies in the JSON documents'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l reveal -d 'Show secrets and credentials instead of [redacted]'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l accept-unverified -d 'Answer 200 to requests with an invalid or missing signature'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l test-secret -d 'Verify with the public test secret of `hookcli send` if no other is set'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l init -d 'At the end, write an endpoint into hookcli.toml for each path that requests came to'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l tls -d 'Use TLS and HTTP/2 with a certificate of a local CA, created for this machine'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l print-ca -d 'Print the local CA\'s certificate and exit; pass it to senders as --cacert'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l prune -d 'Remove what exceeds a lower --keep without asking'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l keep-pending -d 'If the store is full, answer 503 instead of removing pending forwards (the default with --forward-to)'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l no-keep-pending -d 'If the store is full, remove pending forwards, the oldest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l url -d 'The URL to send to, or a local port' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l provider -d 'The provider, if several have this event' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l set -d 'Set a value, for example data.status=open' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l data -d 'Use this payload: a file, URL, - or JSON' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l data-raw -d 'Use this text as the payload, without any change' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l set-string -d 'Set a value as text, even if it looks like JSON' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l unset -d 'Remove a value' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l platform -d 'The provider\'s platform that sends the event' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l seed -d 'Generate the same ids on every run with the same number' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l now -d 'The current time to use: Unix seconds or RFC 3339 (2026-11-21T08:00:00Z)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l expect-status -d 'The statuses that are wanted, for example 401, 4xx or 2xx,429' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l retries -d 'Retry N times, or as the provider does (policy)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l wait -d 'Wait for the server to start, up to this time' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l cacert -d 'Also trust the certificates in this PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l method -d 'Use this HTTP method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l timeout -d 'How long to wait for the response, or none [default: the provider\'s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l backoff -d 'The waits between attempts, for example 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l jitter -d 'Vary each wait by up to this percentage, for example 20%' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l speed -d 'Shorten waits and rates by this factor, for example 60x; timeouts stay' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l policy -d 'Use this provider\'s delivery policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l concurrency -d 'How many attempts run at the same time [default: 1, or the policy\'s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l rate -d 'How many attempts start per period, for example 10/s or 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l fault -d 'Send with a fault, for example tampered_body' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l all -d 'Send every event of the provider or endpoint'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l variants -d 'Also send the variants of each event'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l dry-run -d 'Print the exact request instead of sending it'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l curl -d 'Print a curl command instead of sending it'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l form -d 'Send the JSON inside a form field, for providers that can be set up so (GitHub: payload=…)'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l any-platform -d 'Send the event even if the platform never does'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l verbatim -d 'Keep the timestamps and ids of the sample'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l strict -d 'Do not send a payload that does not match the event\'s schema'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l unsigned -d 'Send no signature'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l insecure -d 'Accept any TLS certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l allow-http -d 'Send over http even if the provider uses only https'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l ordered -d 'Send the next event only after the previous one is delivered or has failed'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l yes -d 'Allow sending faults to another machine'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l request -d 'A file with a request, or - for stdin' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l body -d 'A file with a body, or - for stdin; pass its headers with -H' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s H -l header -d 'A header of the request; repeatable' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l provider -d 'The provider [default: the recognised one]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l to -d 'Use the provider, secret and signature of this endpoint' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l tolerance -d 'How old a timestamp may be, for example 10m' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l now -d 'The time to compare timestamps with' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l url -d 'The URL that was signed, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l public-url -d 'The server\'s URL as the sender calls it, for schemes that sign it [default: http and the request\'s Host]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l method -d 'The method that was signed, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l var -d 'Set `{{name}}` in a .http file or a Postman collection; repeatable' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l reveal -d 'Also print the correct signature; it is as good as a key for this request'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l allow-files -d 'Read the files that a request refers to (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l url -d 'The URL to send to, or a local port' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l set -d 'Set a value, for example data.status=open' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l destination -d 'With --unforwarded: send what is pending for this destination, which has moved to --url or --to' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l discard -d 'With --unforwarded: send nothing, and forget what is pending for a destination that no longer exists' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l set-string -d 'Set a value as text, even if it looks like JSON' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l unset -d 'Remove a value' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l seed -d 'Generate the same new ids on every run with the same number' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l now -d 'The current time to use: Unix seconds or RFC 3339 (2026-11-21T08:00:00Z)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l expect-status -d 'The statuses that are wanted, for example 401, 4xx or 2xx,429' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l retries -d 'Retry N times, or as the provider does (policy)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l wait -d 'Wait for the server to start, up to this time' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l cacert -d 'Also trust the certificates in this PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l method -d 'Use this HTTP method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l timeout -d 'How long to wait for the response, or none [default: the provider\'s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l backoff -d 'The waits between attempts, for example 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l jitter -d 'Vary each wait by up to this percentage, for example 20%' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l speed -d 'Shorten waits and rates by this factor, for example 60x; timeouts stay' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l policy -d 'Use this provider\'s delivery policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l concurrency -d 'How many attempts run at the same time [default: 1, or the policy\'s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l rate -d 'How many attempts start per period, for example 10/s or 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l var -d 'Set `{{name}}` in a .http file or a Postman collection; repeatable' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l resign -d 'Sign again, with new timestamps and ids'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l edit -d 'Edit the body in $EDITOR, then sign and send it'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l keep-path -d 'Append the capture\'s path to the URL'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l unforwarded -d 'Send what is waiting to be forwarded'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l dry-run -d 'Print the exact request instead of sending it'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l curl -d 'Print a curl command instead of sending it'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l resign-unverified -d 'With --resign: also sign captures that were not valid, if named by id'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l keep-credentials -d 'Send Authorization, Cookie and tokens to another machine, too'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l insecure -d 'Accept any TLS certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l allow-http -d 'Send over http even if the provider uses only https'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l ordered -d 'Send the next event only after the previous one is delivered or has failed'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l allow-files -d 'Read the files that a request refers to (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "list" -d 'List captures, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "ls" -d 'List captures, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "show" -d 'Show one capture'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "diff" -d 'Show what differs between two captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "export" -d 'Export captures as JSON, HAR, curl commands or code'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "import" -d 'Import requests from files, URLs or curl commands'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "prune" -d 'Remove what exceeds a limit'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "rm" -d 'Remove captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "remove" -d 'Remove captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show diff export import prune rm remove wait" -f -a "wait" -d 'Wait until a running listener has stored the expected events'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s n -l limit -d 'The number of captures to list' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s n -l limit -d 'The number of captures to list' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l raw -d 'Print only the exact bytes of the body'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l force -d 'Print the bytes even if they would control the terminal'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l reveal -d 'Show secrets and credentials instead of [redacted]'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l reveal -d 'Show secrets and credentials instead of [redacted]'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l format -d 'The format to write' -r -f -a "json\t'One document per line; `import` reads it'
http\t'The raw request'
curl\t'A curl command'
har\t'HTTP Archive 1.2'
httpie\t'An HTTPie command'
fetch\t'JavaScript, with fetch'
python\t'Python, with requests'
go\t'Go, with net/http'
http-file\t'A .http file for VS Code and JetBrains'"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s o -l output -d 'The file to write [default: standard output]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l reveal -d 'Write secrets and credentials instead of [redacted]'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l force -d 'Print the bytes even if they would control the terminal'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l var -d 'Set `{{name}}` in a .http file or a Postman collection; repeatable' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l allow-files -d 'Read the files that a request refers to (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l keep -d 'How much to keep: an age (7d), a count (100000) or a size (2GiB) [default: the store\'s own limit]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l dry-run -d 'Only print what would be removed'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l yes -d 'Do not ask for confirmation'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l all -d 'Remove everything that matches the filters'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l yes -d 'Do not ask for confirmation'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l all -d 'Remove everything that matches the filters'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l yes -d 'Do not ask for confirmation'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l since -d 'Count requests from this time on: an age (1m), Unix seconds or RFC 3339 [default: now]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l expect -d 'Wait for these events, then exit 0: \'convo/*>=3\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l timeout -d 'The time limit for --expect [default: 30s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l max -d 'Stop after this many requests' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l until -d 'Stop after the first event that matches' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l junit -d 'Write the expectations and their results as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l expect-valid -d 'Exit 1 if a request arrives whose signature is not valid'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "list" -d 'List deliveries, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "ls" -d 'List deliveries, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "show" -d 'Show one delivery: its requests, responses and timing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "stats" -d 'Show the success rate, response times, retries and errors'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "export" -d 'Export deliveries as JSON, or as a report for a provider\'s support'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "retry" -d 'Retry deliveries that failed or were interrupted'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s n -l limit -d 'The number of deliveries to list' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s n -l limit -d 'The number of deliveries to list' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l fail-if -d 'Exit 1 if this holds, for example \'success_rate<99%\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l format -d 'json: one document per line; report: Markdown with ids, times and errors' -r -f -a "json\t''
report\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s o -l output -d 'The file to write [default: standard output]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l provider -d 'Only from this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l event -d 'Only of this event type, or a pattern (\'invoice.*\')' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l since -d 'Only from this time on: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l until -d 'Only before this time: an age (1h), a date or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l expect-status -d 'The statuses that are wanted, for example 401, 4xx or 2xx,429' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l retries -d 'Retry N times, or as the provider does (policy)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l wait -d 'Wait for the server to start, up to this time' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l cacert -d 'Also trust the certificates in this PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l method -d 'Use this HTTP method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l timeout -d 'How long to wait for the response, or none [default: the provider\'s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l backoff -d 'The waits between attempts, for example 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l jitter -d 'Vary each wait by up to this percentage, for example 20%' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l speed -d 'Shorten waits and rates by this factor, for example 60x; timeouts stay' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l policy -d 'Use this provider\'s delivery policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l concurrency -d 'How many attempts run at the same time [default: 1, or the policy\'s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l rate -d 'How many attempts start per period, for example 10/s or 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l failed -d 'Retry every failed or interrupted delivery that matches'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l insecure -d 'Accept any TLS certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l allow-http -d 'Send over http even if the provider uses only https'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l ordered -d 'Send the next event only after the previous one is delivered or has failed'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l url -d 'The receiver\'s URL, or a local port' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l provider -d 'The provider whose events the receiver accepts' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l only -d 'Run only these cases: authenticity, raw_bytes.spacing, \'events.user*\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l skip -d 'Run all cases except these' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l wait -d 'Wait for the receiver to start, up to this time' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l old-secret-env -d 'The environment variable with a secret that was rotated out and must be refused' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l old-secret-file -d 'A file with a secret that was rotated out and must be refused' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l junit -d 'Write the results as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l baseline -d 'Do not fail because of the cases in this file (known failures, one per line)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l write-baseline -d 'Write the cases that fail now, for use with --baseline' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l fail-on -d 'The lowest severity that makes the run fail' -r -f -a "must\t''
should\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l probe-url -d 'Count effects with a GET of this URL, which returns a number; {id} in it stands for the event\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l effects-within -d 'How long after the response an effect can appear' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l restart -d 'Start the receiver with this shell command, then kill and restart it during requests (needs a probe that counts by event)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l log-file -d 'Check that this log contains no secrets or payloads [default with --restart: the receiver\'s output]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l cacert -d 'Also trust the certificates in this PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l list -d 'Print the cases and their reasons without running them'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l probe -d 'Count effects with the command after --, which prints a number'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l probe-by-event -d 'The command counts only the effects of the event in HOOKCLI_EVENT_ID [default: if the command mentions that variable]'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l insecure -d 'Accept any TLS certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l allow-http -d 'Send over http even if the provider uses only https'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l yes -d 'Allow checking a receiver on another machine'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l url -d 'The URL to send to, or a local port' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s c -l concurrency -d 'The number of connections' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l rate -d 'Send at this rate, for example 500/s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s d -l duration -d 'How long to send [default: 10s, unless --count]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s n -l count -d 'How many requests to send' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l warmup -d 'Send for this long before measuring' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l timeout -d 'How long to wait for a response' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l report -d 'Write an HTML page with plots' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l cacert -d 'Also trust the certificates in this PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l record -d 'Also store each delivery, as `send` does'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s k -l insecure -d 'Accept any TLS certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l yes -d 'Allow sending to another machine'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l provider -d 'Only events of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l category -d 'Only events of this category' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l platform -d 'Only events that this platform sends' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l search -d 'Only events whose name or description contains this text' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l schema -d 'Print only the JSON Schema'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l sample -d 'Print only the sample'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -a "new" -d 'Create a provider folder from a captured request'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l from -d 'Captures (ids, last) or files of requests; one alone stands for all at its path' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l dir -d 'The folder to create it in' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l provider -d 'The provider, or generic for HMAC-SHA256 in X-Signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l body -d 'A file with the body, or - for stdin' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l to -d 'Use the provider, secret and signature of this endpoint' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s H -l header -d 'A header of the request, for schemes that sign it; repeatable' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l url -d 'The URL, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l method -d 'The method, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l now -d 'The current time to use: Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l id -d 'The message id, for schemes that sign it [default: a new one]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret -d 'The secret itself. Other users can see it in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret-file -d 'A file with the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l signature-header -d 'The header with the signature [default: X-Signature]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l algorithm -d 'The hash: sha1, sha256 or sha512 [default: sha256]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l encoding -d 'How the signature is encoded: hex or base64 [default: hex]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l prefix -d 'The text before the signature, for example sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l template -d 'The signed content, for example \'{timestamp}.{body}\' [default: \'{body}\']' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l timestamp-format -d 'The format of the timestamp: unix_s, unix_ms or iso8601 [default: unix_s]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l id-header -d 'The header with the message id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret-encoding -d 'How the secret becomes the key: utf8, base64 or hex [default: utf8]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -f -a "new" -d 'Create a secret or a key pair in a provider\'s format'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l provider -d 'The provider whose format to use' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l provider -d 'The provider whose events your receiver accepts' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l url -d 'Your receiver\'s URL, or a local port' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l secret-env -d 'The environment variable with the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l name -d 'The name of the endpoint in hookcli.toml' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l install-from -d 'Where the workflow installs hookcli from' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l start -d 'The command that starts your receiver, for the smoke test' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l smoke-test -d 'Also write a smoke test'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l workflow -d 'Also write a GitHub Actions workflow'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l force -d 'Replace existing files'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l provider -d 'Use only the events of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l dir -d 'Write the pages of all commands to this folder' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l store -d 'The file with captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l log -d 'Write a log to standard error, without headers, bodies, queries or secrets' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l log-format -d 'The format of the log' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l config -d 'Use this settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l provider-dir -d 'A folder with your own providers; repeatable [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s h -l help -d 'Print help (--help prints all options)'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l json -d 'Print JSON, one document per line'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l no-store -d 'Store nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s q -l quiet -d 'Print no hints and no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s v -l verbose -d 'Print more, such as headers; repeat for bodies'
