#compdef hookcli

autoload -U is-at-least

_hookcli() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_hookcli_commands" \
"*::: :->hookcli" \
&& ret=0
    case $state in
    (hookcli)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:hookcli-command-$line[1]:"
        case $line[1] in
            (listen)
_arguments "${_arguments_options[@]}" : \
'-p+[The port to listen on; 0 picks a free one \[default\: 8787\]]:PORT:_default' \
'--port=[The port to listen on; 0 picks a free one \[default\: 8787\]]:PORT:_default' \
'--provider=[Treat every request as this provider'\''s]:NAME:_default' \
'(--provider)--to=[Use the provider, secret and signature of this endpoint]:ENDPOINT:_default' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--respond=[Answer with these statuses, for example 503x2,200]:LIST:_default' \
'--respond-per=[Count the responses over all requests, per event type or per event id]:all|event|id:_default' \
'--respond-body=[The body of the response]:TEXT:_default' \
'*--respond-header=[Add a header to the response]:NAME: VALUE:_default' \
'--delay=[Wait before responding, for example 6s or 1s..3s]:TIME:_default' \
'(--respond --respond-body --respond-header --delay --status-paths)*--forward-to=[Forward accepted requests to this URL, port or endpoint]:URL:_default' \
'--forward-retries=[How many times to retry a forward that was not accepted]:N:_default' \
'--forward-timeout=[How long a destination can take to respond, or none \[default\: the provider'\''s timeout\]]:TIME:_default' \
'--wait-for-destination=[Start only when the destinations accept connections \[default time\: 30s\]]::TIME:_default' \
'*--expect=[Wait for these events, then exit 0\: '\''convo/*>=3'\'']:PATTERN:_default' \
'--timeout=[The time limit for --expect \[default\: 30s\]]:TIME:_default' \
'--max=[Stop after this many requests]:N:_default' \
'--until=[Stop after the first event that matches]:PATTERN:_default' \
'--junit=[Write the expectations and their results as JUnit XML]:FILE:_files' \
'*--show-only=[Show only these events\: a pattern, or a query such as '\''status\:4xx'\''; repeatable]:PATTERN|QUERY:_default' \
'--show-verdict=[Show only requests with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--show-where=[Show only requests whose JSON has this value\: PATH, PATH=VALUE or PATH!=VALUE]:CONDITION:_default' \
'*--show=[Also show headers, the body, or a diff to the previous event of the same type]:WHAT:(headers body diff)' \
'--ready-file=[Write the listener'\''s URL to this file once it is ready]:FILE:_files' \
'--port-file=[Write the port to this file once the listener is ready]:FILE:_files' \
'--public-url=[The URL that senders call, for schemes that sign it \[default\: http and the request'\''s Host\]]:URL:_default' \
'--handshake=[Accept the secret from this provider'\''s handshake once, then verify with it; app leaves handshakes to the application behind --forward-to]:PROVIDER|app:_default' \
'--handshake-file=[The file to write that secret to \[default\: PROVIDER.secret beside the store\]]:FILE:_files' \
'--tunnel=[Make the listener public with cloudflared, ngrok or ssh\:USER@HOST, which must be installed]:TOOL:_default' \
'--bind=[The address to listen on, or localhost for 127.0.0.1 and \:\:1 \[default\: 127.0.0.1\]]:ADDRESS:_default' \
'--cert=[Use TLS with this certificate chain (PEM file)]:FILE:_files' \
'--key=[The private key of --cert (PEM file)]:FILE:_files' \
'--keep=[Set how much the store keeps from now on\: an age (7d), a count (100000) or a size (2GiB, the default of a new store)]:LIMIT:_default' \
'--sync=[full makes acknowledged requests survive a power loss, too]:MODE:(normal full)' \
'--max-body=[The largest request body, up to 256MiB]:SIZE:_default' \
'--max-head=[The largest request head (request line and headers), up to 1MiB]:SIZE:_default' \
'--head-timeout=[How long receiving a request head can take]:TIME:_default' \
'--body-timeout=[How long receiving a request body can take]:TIME:_default' \
'--write-timeout=[How long a sender can take to read the response]:TIME:_default' \
'--max-connections=[The number of open connections]:N:_default' \
'--max-buffered=[The memory for request bodies over all connections]:SIZE:_default' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--status-paths[Answer with the status that the path ends with, for example /hook/503]' \
'--respond-always[Answer invalid signatures the same way, instead of with 401]' \
'--forward-async[Answer the sender at once and forward afterwards]' \
'--forward-insecure[Accept any certificate from a destination]' \
'--ordered[Forward one request at a time, in the order received]' \
'--allow-browser[Also forward requests that a web page sent]' \
'--allow-routes[Allow the hookcli.toml of the working tree to forward to other machines]' \
'--expect-valid[Exit 1 if a request arrives whose signature is not valid]' \
'--body[Include bodies in the JSON documents]' \
'--reveal[Show secrets and credentials instead of \[redacted\]]' \
'--accept-unverified[Answer 200 to requests with an invalid or missing signature]' \
'(--tunnel --public-url)--test-secret[Verify with the public test secret of \`hookcli send\` if no other is set]' \
'--init[At the end, write an endpoint into hookcli.toml for each path that requests came to]' \
'--tls[Use TLS and HTTP/2 with a certificate of a local CA, created for this machine]' \
'--print-ca[Print the local CA'\''s certificate and exit; pass it to senders as --cacert]' \
'--prune[Remove what exceeds a lower --keep without asking]' \
'--keep-pending[If the store is full, answer 503 instead of removing pending forwards (the default with --forward-to)]' \
'--no-keep-pending[If the store is full, remove pending forwards, the oldest first]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::command -- A command to run when ready, with HOOKCLI_URL set:_default' \
&& ret=0
;;
(send)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[The URL to send to, or a local port]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'--provider=[The provider, if several have this event]:NAME:_default' \
'*--set=[Set a value, for example data.status=open]:PATH=VALUE:_default' \
'--data=[Use this payload\: a file, URL, - or JSON]:FILE:_default' \
'(--data)--data-raw=[Use this text as the payload, without any change]:TEXT:_default' \
'*--set-string=[Set a value as text, even if it looks like JSON]:PATH=TEXT:_default' \
'*--unset=[Remove a value]:PATH:_default' \
'--platform=[The provider'\''s platform that sends the event]:NAME:_default' \
'--seed=[Generate the same ids on every run with the same number]:N:_default' \
'--now=[The current time to use\: Unix seconds or RFC 3339 (2026-11-21T08\:00\:00Z)]:TIME:_default' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--expect-status=[The statuses that are wanted, for example 401, 4xx or 2xx,429]:STATUS:_default' \
'--retries=[Retry N times, or as the provider does (policy)]:policy|N:_default' \
'--wait=[Wait for the server to start, up to this time]:TIME:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Also trust the certificates in this PEM file]:FILE:_files' \
'--method=[Use this HTTP method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none \[default\: the provider'\''s\]]:TIME:_default' \
'--backoff=[The waits between attempts, for example 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Vary each wait by up to this percentage, for example 20%]:PERCENT:_default' \
'--speed=[Shorten waits and rates by this factor, for example 60x; timeouts stay]:FACTOR:_default' \
'--policy=[Use this provider'\''s delivery policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts run at the same time \[default\: 1, or the policy'\''s\]]:N:_default' \
'--rate=[How many attempts start per period, for example 10/s or 100/min]:RATE:_default' \
'*--fault=[Send with a fault, for example tampered_body]:FAULT:_default' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'()--all[Send every event of the provider or endpoint]' \
'--variants[Also send the variants of each event]' \
'(--curl)--dry-run[Print the exact request instead of sending it]' \
'--curl[Print a curl command instead of sending it]' \
'--form[Send the JSON inside a form field, for providers that can be set up so (GitHub\: payload=…)]' \
'--any-platform[Send the event even if the platform never does]' \
'--verbatim[Keep the timestamps and ids of the sample]' \
'--strict[Do not send a payload that does not match the event'\''s schema]' \
'--unsigned[Send no signature]' \
'--insecure[Accept any TLS certificate]' \
'--allow-http[Send over http even if the provider uses only https]' \
'--ordered[Send the next event only after the previous one is delivered or has failed]' \
'--yes[Allow sending faults to another machine]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::events -- EVENT, PROVIDER/EVENT or a pattern ('\''convo/*'\''):_default' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'(--body)--request=[A file with a request, or - for stdin]:FILE:_files' \
'--body=[A file with a body, or - for stdin; pass its headers with -H]:FILE:_default' \
'*-H+[A header of the request; repeatable]:NAME: VALUE:_default' \
'*--header=[A header of the request; repeatable]:NAME: VALUE:_default' \
'--provider=[The provider \[default\: the recognised one\]]:NAME:_default' \
'(--provider)--to=[Use the provider, secret and signature of this endpoint]:ENDPOINT:_default' \
'--tolerance=[How old a timestamp may be, for example 10m]:TIME:_default' \
'--now=[The time to compare timestamps with]:TIME:_default' \
'--url=[The URL that was signed, for schemes that sign it]:URL:_default' \
'(--url)--public-url=[The server'\''s URL as the sender calls it, for schemes that sign it \[default\: http and the request'\''s Host\]]:URL:_default' \
'--method=[The method that was signed, for schemes that sign it]:METHOD:_default' \
'*--var=[Set \`{{name}}\` in a .http file or a Postman collection; repeatable]:NAME=VALUE:_default' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--reveal[Also print the correct signature; it is as good as a key for this request]' \
'--allow-files[Read the files that a request refers to (\`-d @file\`, \`< file\`), relative to its own file]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'::capture -- A capture (id, last, last~N), or a file or URL with a request \[default\: last\]:_default' \
&& ret=0
;;
(replay)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[The URL to send to, or a local port]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'(--unforwarded)*--set=[Set a value, for example data.status=open]:PATH=VALUE:_default' \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--destination=[With --unforwarded\: send what is pending for this destination, which has moved to --url or --to]:URL:_default' \
'(--url --to --destination --provider --event --since --until --verdict --curl --resign)--discard=[With --unforwarded\: send nothing, and forget what is pending for a destination that no longer exists]:URL:_default' \
'(--unforwarded)*--set-string=[Set a value as text, even if it looks like JSON]:PATH=TEXT:_default' \
'(--unforwarded)*--unset=[Remove a value]:PATH:_default' \
'--seed=[Generate the same new ids on every run with the same number]:N:_default' \
'--now=[The current time to use\: Unix seconds or RFC 3339 (2026-11-21T08\:00\:00Z)]:TIME:_default' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--expect-status=[The statuses that are wanted, for example 401, 4xx or 2xx,429]:STATUS:_default' \
'--retries=[Retry N times, or as the provider does (policy)]:policy|N:_default' \
'--wait=[Wait for the server to start, up to this time]:TIME:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Also trust the certificates in this PEM file]:FILE:_files' \
'--method=[Use this HTTP method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none \[default\: the provider'\''s\]]:TIME:_default' \
'--backoff=[The waits between attempts, for example 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Vary each wait by up to this percentage, for example 20%]:PERCENT:_default' \
'--speed=[Shorten waits and rates by this factor, for example 60x; timeouts stay]:FACTOR:_default' \
'--policy=[Use this provider'\''s delivery policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts run at the same time \[default\: 1, or the policy'\''s\]]:N:_default' \
'--rate=[How many attempts start per period, for example 10/s or 100/min]:RATE:_default' \
'*--var=[Set \`{{name}}\` in a .http file or a Postman collection; repeatable]:NAME=VALUE:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--resign[Sign again, with new timestamps and ids]' \
'(--set --set-string --unset --unforwarded)--edit[Edit the body in \$EDITOR, then sign and send it]' \
'--keep-path[Append the capture'\''s path to the URL]' \
'--unforwarded[Send what is waiting to be forwarded]' \
'(--curl)--dry-run[Print the exact request instead of sending it]' \
'--curl[Print a curl command instead of sending it]' \
'--resign-unverified[With --resign\: also sign captures that were not valid, if named by id]' \
'--keep-credentials[Send Authorization, Cookie and tokens to another machine, too]' \
'--insecure[Accept any TLS certificate]' \
'--allow-http[Send over http even if the provider uses only https]' \
'--ordered[Send the next event only after the previous one is delivered or has failed]' \
'--allow-files[Read the files that a request refers to (\`-d @file\`, \`< file\`), relative to its own file]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::captures -- Captures (id, last), a query, files, URLs:_default' \
&& ret=0
;;
(captures)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
":: :_hookcli__subcmd__captures_commands" \
"*::: :->captures" \
&& ret=0

    case $state in
    (captures)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:hookcli-captures-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'-n+[The number of captures to list]:N:_default' \
'--limit=[The number of captures to list]:N:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::query -- What to search for\: event\:invoice.*, status\:400.., a text:_default' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'-n+[The number of captures to list]:N:_default' \
'--limit=[The number of captures to list]:N:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::query -- What to search for\: event\:invoice.*, status\:400.., a text:_default' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--raw[Print only the exact bytes of the body]' \
'--force[Print the bytes even if they would control the terminal]' \
'--reveal[Show secrets and credentials instead of \[redacted\]]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'::capture -- An id, its first or last six characters, last or last~N:_default' \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--reveal[Show secrets and credentials instead of \[redacted\]]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'::one -- The first capture\: an id, its last six characters, last, last~N:_default' \
'::other -- The second capture:_default' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--format=[The format to write]:FORMAT:((json\:"One document per line; \`import\` reads it"
http\:"The raw request"
curl\:"A curl command"
har\:"HTTP Archive 1.2"
httpie\:"An HTTPie command"
fetch\:"JavaScript, with fetch"
python\:"Python, with requests"
go\:"Go, with net/http"
http-file\:"A .http file for VS Code and JetBrains"))' \
'-o+[The file to write \[default\: standard output\]]:FILE:_files' \
'--output=[The file to write \[default\: standard output\]]:FILE:_files' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--reveal[Write secrets and credentials instead of \[redacted\]]' \
'--force[Print the bytes even if they would control the terminal]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::captures -- Captures (id, last, last~N), or a query such as event\:invoice.*:_default' \
&& ret=0
;;
(import)
_arguments "${_arguments_options[@]}" : \
'*--var=[Set \`{{name}}\` in a .http file or a Postman collection; repeatable]:NAME=VALUE:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--allow-files[Read the files that a request refers to (\`-d @file\`, \`< file\`), relative to its own file]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::files -- Files, http or https URLs, or - for standard input:_default' \
&& ret=0
;;
(prune)
_arguments "${_arguments_options[@]}" : \
'--keep=[How much to keep\: an age (7d), a count (100000) or a size (2GiB) \[default\: the store'\''s own limit\]]:HOW MUCH:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--dry-run[Only print what would be removed]' \
'--yes[Do not ask for confirmation]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
&& ret=0
;;
(rm)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--all[Remove everything that matches the filters]' \
'--yes[Do not ask for confirmation]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::captures -- Captures (id, last, last~N), or a query such as event\:invoice.*:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--all[Remove everything that matches the filters]' \
'--yes[Do not ask for confirmation]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::captures -- Captures (id, last, last~N), or a query such as event\:invoice.*:_default' \
&& ret=0
;;
(wait)
_arguments "${_arguments_options[@]}" : \
'--since=[Count requests from this time on\: an age (1m), Unix seconds or RFC 3339 \[default\: now\]]:TIME:_default' \
'*--expect=[Wait for these events, then exit 0\: '\''convo/*>=3'\'']:PATTERN:_default' \
'--timeout=[The time limit for --expect \[default\: 30s\]]:TIME:_default' \
'--max=[Stop after this many requests]:N:_default' \
'--until=[Stop after the first event that matches]:PATTERN:_default' \
'--junit=[Write the expectations and their results as JUnit XML]:FILE:_files' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--expect-valid[Exit 1 if a request arrives whose signature is not valid]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(deliveries)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
":: :_hookcli__subcmd__deliveries_commands" \
"*::: :->deliveries" \
&& ret=0

    case $state in
    (deliveries)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:hookcli-deliveries-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'-n+[The number of deliveries to list]:N:_default' \
'--limit=[The number of deliveries to list]:N:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::query -- What to search for\: outcome\:failed, status\:5xx, a text:_default' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'-n+[The number of deliveries to list]:N:_default' \
'--limit=[The number of deliveries to list]:N:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::query -- What to search for\: outcome\:failed, status\:5xx, a text:_default' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'::delivery -- An id, its first or last six characters, last or last~N:_default' \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'*--fail-if=[Exit 1 if this holds, for example '\''success_rate<99%'\'']:CONDITION:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::query -- Which deliveries, for example endpoint\:orders after\:1h:_default' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'--format=[json\: one document per line; report\: Markdown with ids, times and errors]:FORMAT:(json report)' \
'-o+[The file to write \[default\: standard output\]]:FILE:_files' \
'--output=[The file to write \[default\: standard output\]]:FILE:_files' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::deliveries -- Deliveries (id, last, last~N), or a query such as outcome\:failed:_default' \
&& ret=0
;;
(retry)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only from this provider]:NAME:_default' \
'--event=[Only of this event type, or a pattern ('\''invoice.*'\'')]:EVENT:_default' \
'--since=[Only from this time on\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--until=[Only before this time\: an age (1h), a date or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--expect-status=[The statuses that are wanted, for example 401, 4xx or 2xx,429]:STATUS:_default' \
'--retries=[Retry N times, or as the provider does (policy)]:policy|N:_default' \
'--wait=[Wait for the server to start, up to this time]:TIME:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Also trust the certificates in this PEM file]:FILE:_files' \
'--method=[Use this HTTP method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none \[default\: the provider'\''s\]]:TIME:_default' \
'--backoff=[The waits between attempts, for example 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Vary each wait by up to this percentage, for example 20%]:PERCENT:_default' \
'--speed=[Shorten waits and rates by this factor, for example 60x; timeouts stay]:FACTOR:_default' \
'--policy=[Use this provider'\''s delivery policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts run at the same time \[default\: 1, or the policy'\''s\]]:N:_default' \
'--rate=[How many attempts start per period, for example 10/s or 100/min]:RATE:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--failed[Retry every failed or interrupted delivery that matches]' \
'--insecure[Accept any TLS certificate]' \
'--allow-http[Send over http even if the provider uses only https]' \
'--ordered[Send the next event only after the previous one is delivered or has failed]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::deliveries -- Deliveries (id, last, last~N); with --failed a query such as event\:invoice.*:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(check)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[The receiver'\''s URL, or a local port]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'--provider=[The provider whose events the receiver accepts]:NAME:_default' \
'*--only=[Run only these cases\: authenticity, raw_bytes.spacing, '\''events.user*'\'']:CASE:_default' \
'*--skip=[Run all cases except these]:CASE:_default' \
'--wait=[Wait for the receiver to start, up to this time]:TIME:_default' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--old-secret-env=[The environment variable with a secret that was rotated out and must be refused]:NAME:_default' \
'(--old-secret-env)--old-secret-file=[A file with a secret that was rotated out and must be refused]:FILE:_files' \
'--junit=[Write the results as JUnit XML]:FILE:_files' \
'--baseline=[Do not fail because of the cases in this file (known failures, one per line)]:FILE:_files' \
'--write-baseline=[Write the cases that fail now, for use with --baseline]:FILE:_files' \
'--fail-on=[The lowest severity that makes the run fail]:SEVERITY:(must should)' \
'--probe-url=[Count effects with a GET of this URL, which returns a number; {id} in it stands for the event'\''s id]:URL:_default' \
'--effects-within=[How long after the response an effect can appear]:TIME:_default' \
'--restart=[Start the receiver with this shell command, then kill and restart it during requests (needs a probe that counts by event)]:COMMAND:_default' \
'--log-file=[Check that this log contains no secrets or payloads \[default with --restart\: the receiver'\''s output\]]:FILE:_files' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Also trust the certificates in this PEM file]:FILE:_files' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--list[Print the cases and their reasons without running them]' \
'(--probe-url)--probe[Count effects with the command after --, which prints a number]' \
'--probe-by-event[The command counts only the effects of the event in HOOKCLI_EVENT_ID \[default\: if the command mentions that variable\]]' \
'--insecure[Accept any TLS certificate]' \
'--allow-http[Send over http even if the provider uses only https]' \
'--yes[Allow checking a receiver on another machine]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::command -- The command of --probe and its arguments:_default' \
&& ret=0
;;
(load)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[The URL to send to, or a local port]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'-c+[The number of connections]:N:_default' \
'--concurrency=[The number of connections]:N:_default' \
'--rate=[Send at this rate, for example 500/s]:RATE:_default' \
'(-n --count)-d+[How long to send \[default\: 10s, unless --count\]]:TIME:_default' \
'(-n --count)--duration=[How long to send \[default\: 10s, unless --count\]]:TIME:_default' \
'-n+[How many requests to send]:N:_default' \
'--count=[How many requests to send]:N:_default' \
'--warmup=[Send for this long before measuring]:TIME:_default' \
'--timeout=[How long to wait for a response]:TIME:_default' \
'--report=[Write an HTML page with plots]:FILE:_files' \
'--cacert=[Also trust the certificates in this PEM file]:FILE:_files' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--record[Also store each delivery, as \`send\` does]' \
'-k[Accept any TLS certificate]' \
'--insecure[Accept any TLS certificate]' \
'--yes[Allow sending to another machine]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::events -- EVENT or PROVIDER/EVENT; several take turns:_default' \
&& ret=0
;;
(events)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only events of this provider]:NAME:_default' \
'--category=[Only events of this category]:NAME:_default' \
'--platform=[Only events that this platform sends]:NAME:_default' \
'--search=[Only events whose name or description contains this text]:TEXT:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'(--sample)--schema[Print only the JSON Schema]' \
'--sample[Print only the sample]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'::event -- The event to show\: EVENT, PROVIDER/EVENT or PROVIDER/EVENT\:VARIANT:_default' \
&& ret=0
;;
(providers)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'::name -- The provider to show:_default' \
":: :_hookcli__subcmd__providers_commands" \
"*::: :->providers" \
&& ret=0

    case $state in
    (providers)
        words=($line[2] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:hookcli-providers-command-$line[2]:"
        case $line[2] in
            (new)
_arguments "${_arguments_options[@]}" : \
'*--from=[Captures (ids, last) or files of requests; one alone stands for all at its path]:CAPTURE:_default' \
'--dir=[The folder to create it in]:DIR:_files' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
':name -- The name of the new provider\: letters, digits, dots and dashes:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(sign)
_arguments "${_arguments_options[@]}" : \
'--provider=[The provider, or generic for HMAC-SHA256 in X-Signature]:NAME:_default' \
'--body=[A file with the body, or - for stdin]:FILE:_default' \
'(--provider)--to=[Use the provider, secret and signature of this endpoint]:ENDPOINT:_default' \
'*-H+[A header of the request, for schemes that sign it; repeatable]:NAME: VALUE:_default' \
'*--header=[A header of the request, for schemes that sign it; repeatable]:NAME: VALUE:_default' \
'--url=[The URL, for schemes that sign it]:URL:_default' \
'--method=[The method, for schemes that sign it]:METHOD:_default' \
'--now=[The current time to use\: Unix seconds or RFC 3339]:TIME:_default' \
'--id=[The message id, for schemes that sign it \[default\: a new one\]]:ID:_default' \
'*--secret=[The secret itself. Other users can see it in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file with the secret]:FILE:_files' \
'*--secret-env=[The environment variable with the secret]:NAME:_default' \
'--signature-header=[The header with the signature \[default\: X-Signature\]]:NAME:_default' \
'--algorithm=[The hash\: sha1, sha256 or sha512 \[default\: sha256\]]:NAME:_default' \
'--encoding=[How the signature is encoded\: hex or base64 \[default\: hex\]]:FORM:_default' \
'--prefix=[The text before the signature, for example sha256=]:TEXT:_default' \
'--template=[The signed content, for example '\''{timestamp}.{body}'\'' \[default\: '\''{body}'\''\]]:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[The format of the timestamp\: unix_s, unix_ms or iso8601 \[default\: unix_s\]]:FORM:_default' \
'--id-header=[The header with the message id]:NAME:_default' \
'--secret-encoding=[How the secret becomes the key\: utf8, base64 or hex \[default\: utf8\]]:FORM:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
&& ret=0
;;
(keys)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
":: :_hookcli__subcmd__keys_commands" \
"*::: :->keys" \
&& ret=0

    case $state in
    (keys)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:hookcli-keys-command-$line[1]:"
        case $line[1] in
            (new)
_arguments "${_arguments_options[@]}" : \
'--provider=[The provider whose format to use]:NAME:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(init)
_arguments "${_arguments_options[@]}" : \
'--provider=[The provider whose events your receiver accepts]:NAME:_default' \
'--url=[Your receiver'\''s URL, or a local port]:URL:_default' \
'--secret-env=[The environment variable with the secret]:NAME:_default' \
'--name=[The name of the endpoint in hookcli.toml]:NAME:_default' \
'--install-from=[Where the workflow installs hookcli from]:SOURCE:_default' \
'--start=[The command that starts your receiver, for the smoke test]:COMMAND:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--smoke-test[Also write a smoke test]' \
'--workflow[Also write a GitHub Actions workflow]' \
'--force[Replace existing files]' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
&& ret=0
;;
(demo)
_arguments "${_arguments_options[@]}" : \
'--provider=[Use only the events of this provider]:NAME:_default' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
':shell -- The shell to print a script for:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'()--dir=[Write the pages of all commands to this folder]:DIR:_files' \
'--store=[The file with captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[When to use colours]:WHEN:(auto always never)' \
'--log=[Write a log to standard error, without headers, bodies, queries or secrets]:LEVEL:(error warn info debug trace)' \
'--log-format=[The format of the log]:FORMAT:(text json)' \
'--config=[Use this settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder with your own providers; repeatable \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'-h[Print help (--help prints all options)]' \
'--help[Print help (--help prints all options)]' \
'--json[Print JSON, one document per line]' \
'(--store)--no-store[Store nothing]' \
'-q[Print no hints and no warnings]' \
'--quiet[Print no hints and no warnings]' \
'(-q --quiet)*-v[Print more, such as headers; repeat for bodies]' \
'(-q --quiet)*--verbose[Print more, such as headers; repeat for bodies]' \
'*::command -- The command, for example captures export \[default\: hookcli itself\]:_default' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_hookcli_commands] )) ||
_hookcli_commands() {
    local commands; commands=(
'listen:Receive webhooks\: verify, store, answer, show and forward them' \
'send:Send signed sample events to a URL' \
'verify:Verify a request'\''s signature and explain a failure' \
'replay:Send captured requests again, unchanged or signed again' \
'captures:Work with received requests\: list, show, export, import, delete' \
'deliveries:Work with sent events\: list, show, export, retry, statistics' \
'check:Test a receiver\: every event, forged signatures, duplicates' \
'load:Send many events and measure the responses' \
'events:List event types, or show the fields and sample of one' \
'providers:List providers, or show the signature and retries of one' \
'sign:Print the signature headers for a body' \
'keys:Create secrets and key pairs' \
'init:Create hookcli.toml, a smoke test and a CI workflow' \
'demo:Try everything once, with every event, on this machine' \
'completions:Print a completion script for a shell' \
'man:Print a manual page' \
    )
    _describe -t commands 'hookcli commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures_commands] )) ||
_hookcli__subcmd__captures_commands() {
    local commands; commands=(
'list:List captures, newest first' \
'ls:List captures, newest first' \
'show:Show one capture' \
'diff:Show what differs between two captures' \
'export:Export captures as JSON, HAR, curl commands or code' \
'import:Import requests from files, URLs or curl commands' \
'prune:Remove what exceeds a limit' \
'rm:Remove captures' \
'remove:Remove captures' \
'wait:Wait until a running listener has stored the expected events' \
    )
    _describe -t commands 'hookcli captures commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__diff_commands] )) ||
_hookcli__subcmd__captures__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures diff commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__export_commands] )) ||
_hookcli__subcmd__captures__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures export commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__import_commands] )) ||
_hookcli__subcmd__captures__subcmd__import_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures import commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__list_commands] )) ||
_hookcli__subcmd__captures__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures list commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__prune_commands] )) ||
_hookcli__subcmd__captures__subcmd__prune_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures prune commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__rm_commands] )) ||
_hookcli__subcmd__captures__subcmd__rm_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures rm commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__show_commands] )) ||
_hookcli__subcmd__captures__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures show commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures__subcmd__wait_commands] )) ||
_hookcli__subcmd__captures__subcmd__wait_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli captures wait commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__check_commands] )) ||
_hookcli__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli check commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__completions_commands] )) ||
_hookcli__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli completions commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__deliveries_commands] )) ||
_hookcli__subcmd__deliveries_commands() {
    local commands; commands=(
'list:List deliveries, newest first' \
'ls:List deliveries, newest first' \
'show:Show one delivery\: its requests, responses and timing' \
'stats:Show the success rate, response times, retries and errors' \
'export:Export deliveries as JSON, or as a report for a provider'\''s support' \
'retry:Retry deliveries that failed or were interrupted' \
    )
    _describe -t commands 'hookcli deliveries commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__deliveries__subcmd__export_commands] )) ||
_hookcli__subcmd__deliveries__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli deliveries export commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__deliveries__subcmd__list_commands] )) ||
_hookcli__subcmd__deliveries__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli deliveries list commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__deliveries__subcmd__retry_commands] )) ||
_hookcli__subcmd__deliveries__subcmd__retry_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli deliveries retry commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__deliveries__subcmd__show_commands] )) ||
_hookcli__subcmd__deliveries__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli deliveries show commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__deliveries__subcmd__stats_commands] )) ||
_hookcli__subcmd__deliveries__subcmd__stats_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli deliveries stats commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__demo_commands] )) ||
_hookcli__subcmd__demo_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli demo commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__events_commands] )) ||
_hookcli__subcmd__events_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli events commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__init_commands] )) ||
_hookcli__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli init commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__keys_commands] )) ||
_hookcli__subcmd__keys_commands() {
    local commands; commands=(
'new:Create a secret or a key pair in a provider'\''s format' \
    )
    _describe -t commands 'hookcli keys commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__keys__subcmd__new_commands] )) ||
_hookcli__subcmd__keys__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli keys new commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__listen_commands] )) ||
_hookcli__subcmd__listen_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli listen commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__load_commands] )) ||
_hookcli__subcmd__load_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli load commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__man_commands] )) ||
_hookcli__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli man commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__providers_commands] )) ||
_hookcli__subcmd__providers_commands() {
    local commands; commands=(
'new:Create a provider folder from a captured request' \
    )
    _describe -t commands 'hookcli providers commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__providers__subcmd__new_commands] )) ||
_hookcli__subcmd__providers__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli providers new commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__replay_commands] )) ||
_hookcli__subcmd__replay_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli replay commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__send_commands] )) ||
_hookcli__subcmd__send_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli send commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__sign_commands] )) ||
_hookcli__subcmd__sign_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli sign commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__verify_commands] )) ||
_hookcli__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'hookcli verify commands' commands "$@"
}

if [ "$funcstack[1]" = "_hookcli" ]; then
    _hookcli "$@"
else
    compdef _hookcli hookcli
fi
