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
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_hookcli_commands" \
"*::: :->hookcli" \
&& ret=0
    case $state in
    (hookcli)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:hookcli-command-$line[1]:"
        case $line[1] in
            (demo)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only this provider'\''s events]:NAME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(providers)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::name -- Show this one:_default' \
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
'--from=[A capture (id, part of one, last) or a file that \`captures export\` wrote]:CAPTURE:_default' \
'--dir=[Where its folder is made]:DIR:_files' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
':name -- Its name\: letters, digits, dots and dashes:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(provider)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::name -- Show this one:_default' \
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
'--from=[A capture (id, part of one, last) or a file that \`captures export\` wrote]:CAPTURE:_default' \
'--dir=[Where its folder is made]:DIR:_files' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
':name -- Its name\: letters, digits, dots and dashes:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(events)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only this provider'\''s]:NAME:_default' \
'--category=[Only of this category]:NAME:_default' \
'--platform=[Only what this platform sends]:NAME:_default' \
'--search=[Only with this text in name or description]:TEXT:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'(--sample)--schema[Print the JSON Schema, and nothing else]' \
'--sample[Print the sample, and nothing else]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::event -- Show this one\: EVENT, PROVIDER/EVENT or PROVIDER/EVENT\:VARIANT:_default' \
&& ret=0
;;
(event)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only this provider'\''s]:NAME:_default' \
'--category=[Only of this category]:NAME:_default' \
'--platform=[Only what this platform sends]:NAME:_default' \
'--search=[Only with this text in name or description]:TEXT:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'(--sample)--schema[Print the JSON Schema, and nothing else]' \
'--sample[Print the sample, and nothing else]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::event -- Show this one\: EVENT, PROVIDER/EVENT or PROVIDER/EVENT\:VARIANT:_default' \
&& ret=0
;;
(send)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[Where to\: a URL, or a port of this machine \[env\: HOOKCLI_URL\]]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'*--fault=[Send it with a fault\: duplicate, reorder, tampered_body\[=OFFSET|last\], tampered_signature\[=last\], missing_signature, empty_signature, malformed_signature, truncated_signature\[=DIGITS\], extended_signature, signature_elsewhere, other_body_signature, signature_case, signature_encoding, wrong_secret, public_secret, forged_first, second_secret, stale_timestamp\[=1h\], future_timestamp\[=1h\], unknown_event, missing_field, wrong_content_type\[=form|none\], not_json, truncated_body, huge_body\[=BYTES\], padded_body\[=BYTES\], deep_nesting\[=DEPTH\], compressed_body, spacing, escapes, key_order, reformatted_body\[=pretty\], late\[=5s\], slow_body\[=BYTES/S\], slow_head\[=BYTES/S\], reset, close, odd_chunks, header_case; can be repeated]:KIND[=ARG]:_default' \
'--provider=[The provider, where the event'\''s name leaves it open]:NAME:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'--data=[Your own payload\: a file, an http or https URL, - for standard input, or JSON that starts with { or \[]:FILE:_default' \
'(--data)--data-raw=[Your own payload, as it stands here]:TEXT:_default' \
'*--set=[Set a value\: PATH=VALUE, the path a JSON pointer or with dots; JSON if it parses, else text]:PATH=VALUE:_default' \
'*--set-string=[Set a value as text]:PATH=TEXT:_default' \
'*--unset=[Remove a value]:PATH:_default' \
'--platform=[The provider'\''s platform that sends it]:NAME:_default' \
'--seed=[Make ids reproducible]:N:_default' \
'--now=[The time to write and sign\: Unix seconds or RFC 3339]:TIME:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Trust the certificates of this PEM file too]:FILE:_files' \
'--method=[The method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none (default\: the provider'\''s)]:TIME:_default' \
'--retries=[Try again what fails\: as the provider does (policy), or so many times (default\: one attempt)]:policy|N:_default' \
'--backoff=[Waits before the retries\: 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Make each wait longer or shorter by up to that part]:PERCENT:_default' \
'--speed=[Let waits and rates go by so much faster; timeouts stay as they are]:FACTOR:_default' \
'--policy=[Follow this provider'\''s policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts may be under way at once (default\: 1, or the policy'\''s)]:N:_default' \
'--rate=[How many attempts may begin within a time, such as 100/min]:RATE:_default' \
'--wait=[Wait until something listens there]:TIME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'()--all[Every event\: of --provider, of the endpoint'\''s subscription, or of all providers]' \
'--yes[Send a fault to another machine than this one\: it should be yours]' \
'--variants[With each event its variants]' \
'--unsigned[Send no signature]' \
'(--curl)--dry-run[Print the exact request instead of sending it]' \
'--curl[Print a curl command that sends the same request]' \
'--form[Send JSON in a form'\''s field, as the provider can be set to (GitHub\: payload=…)]' \
'--any-platform[Send it even where the platform never does]' \
'--verbatim[Keep the sample'\''s timestamps and ids]' \
'--strict[Refuse to send what does not follow the event'\''s schema]' \
'--insecure[Take any certificate]' \
'--allow-http[Send over plain http what its provider sends over https alone]' \
'--ordered[Send the next event only once the last is delivered or given up]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::events -- EVENT, PROVIDER/EVENT, PROVIDER/EVENT\:VARIANT, or a pattern such as '\''convo/*'\'':_default' \
&& ret=0
;;
(trigger)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[Where to\: a URL, or a port of this machine \[env\: HOOKCLI_URL\]]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'*--fault=[Send it with a fault\: duplicate, reorder, tampered_body\[=OFFSET|last\], tampered_signature\[=last\], missing_signature, empty_signature, malformed_signature, truncated_signature\[=DIGITS\], extended_signature, signature_elsewhere, other_body_signature, signature_case, signature_encoding, wrong_secret, public_secret, forged_first, second_secret, stale_timestamp\[=1h\], future_timestamp\[=1h\], unknown_event, missing_field, wrong_content_type\[=form|none\], not_json, truncated_body, huge_body\[=BYTES\], padded_body\[=BYTES\], deep_nesting\[=DEPTH\], compressed_body, spacing, escapes, key_order, reformatted_body\[=pretty\], late\[=5s\], slow_body\[=BYTES/S\], slow_head\[=BYTES/S\], reset, close, odd_chunks, header_case; can be repeated]:KIND[=ARG]:_default' \
'--provider=[The provider, where the event'\''s name leaves it open]:NAME:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'--data=[Your own payload\: a file, an http or https URL, - for standard input, or JSON that starts with { or \[]:FILE:_default' \
'(--data)--data-raw=[Your own payload, as it stands here]:TEXT:_default' \
'*--set=[Set a value\: PATH=VALUE, the path a JSON pointer or with dots; JSON if it parses, else text]:PATH=VALUE:_default' \
'*--set-string=[Set a value as text]:PATH=TEXT:_default' \
'*--unset=[Remove a value]:PATH:_default' \
'--platform=[The provider'\''s platform that sends it]:NAME:_default' \
'--seed=[Make ids reproducible]:N:_default' \
'--now=[The time to write and sign\: Unix seconds or RFC 3339]:TIME:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Trust the certificates of this PEM file too]:FILE:_files' \
'--method=[The method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none (default\: the provider'\''s)]:TIME:_default' \
'--retries=[Try again what fails\: as the provider does (policy), or so many times (default\: one attempt)]:policy|N:_default' \
'--backoff=[Waits before the retries\: 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Make each wait longer or shorter by up to that part]:PERCENT:_default' \
'--speed=[Let waits and rates go by so much faster; timeouts stay as they are]:FACTOR:_default' \
'--policy=[Follow this provider'\''s policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts may be under way at once (default\: 1, or the policy'\''s)]:N:_default' \
'--rate=[How many attempts may begin within a time, such as 100/min]:RATE:_default' \
'--wait=[Wait until something listens there]:TIME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'()--all[Every event\: of --provider, of the endpoint'\''s subscription, or of all providers]' \
'--yes[Send a fault to another machine than this one\: it should be yours]' \
'--variants[With each event its variants]' \
'--unsigned[Send no signature]' \
'(--curl)--dry-run[Print the exact request instead of sending it]' \
'--curl[Print a curl command that sends the same request]' \
'--form[Send JSON in a form'\''s field, as the provider can be set to (GitHub\: payload=…)]' \
'--any-platform[Send it even where the platform never does]' \
'--verbatim[Keep the sample'\''s timestamps and ids]' \
'--strict[Refuse to send what does not follow the event'\''s schema]' \
'--insecure[Take any certificate]' \
'--allow-http[Send over plain http what its provider sends over https alone]' \
'--ordered[Send the next event only once the last is delivered or given up]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::events -- EVENT, PROVIDER/EVENT, PROVIDER/EVENT\:VARIANT, or a pattern such as '\''convo/*'\'':_default' \
&& ret=0
;;
(sign)
_arguments "${_arguments_options[@]}" : \
'--provider=[The provider; generic is HMAC-SHA256 of the body, hex, in X-Signature]:NAME:_default' \
'--body=[The body\: a file, or - for standard input]:FILE:_default' \
'(--provider)--to=[An endpoint of hookcli.toml\: its provider, secret and signature]:ENDPOINT:_default' \
'*-H+[A header of the request, for schemes that sign one]:NAME: VALUE:_default' \
'*--header=[A header of the request, for schemes that sign one]:NAME: VALUE:_default' \
'--url=[The URL, for schemes that sign it]:URL:_default' \
'--method=[The method, for schemes that sign it]:METHOD:_default' \
'--now=[The time to sign\: Unix seconds or RFC 3339]:TIME:_default' \
'--id=[The message'\''s id, for schemes that sign one (default\: a new one)]:ID:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'(--body)--request=[A file with a request, whatever its name; - for standard input]:FILE:_files' \
'--body=[A body\: a file, or - for standard input; its headers with -H]:FILE:_default' \
'*-H+[A header of the request]:NAME: VALUE:_default' \
'*--header=[A header of the request]:NAME: VALUE:_default' \
'--provider=[The provider (default\: the capture'\''s, or what is recognised); generic is HMAC-SHA256 in X-Signature]:NAME:_default' \
'(--provider)--to=[An endpoint of hookcli.toml\: its provider, secret and signature]:ENDPOINT:_default' \
'--tolerance=[How old a signed timestamp may be (default\: the scheme'\''s)]:TIME:_default' \
'--now=[The time to judge at (default\: when the capture was received, else now)]:TIME:_default' \
'--url=[The URL that was signed, for schemes that sign it]:URL:_default' \
'(--url)--public-url=[The URL under which the sender knows the server, for schemes that sign it (default\: http and the request'\''s Host)]:URL:_default' \
'--method=[The method that was signed, for schemes that sign it]:METHOD:_default' \
'*--var=[The value of \`{{name}}\` in a .http file or a Postman collection; can be repeated]:NAME=VALUE:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--reveal[Also print what the signature should have been; it is as good as a key for this request]' \
'--allow-files[Read the files that a request names (\`-d @file\`, \`< file\`), relative to its own file]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::capture -- A capture (id, part of one, last), a file with a request in any form that `captures import` reads, or a URL of one:_default' \
&& ret=0
;;
(listen)
_arguments "${_arguments_options[@]}" : \
'-p+[The port; 0 takes a free one (default\: 8787)]:PORT:_default' \
'--port=[The port; 0 takes a free one (default\: 8787)]:PORT:_default' \
'--bind=[The address to listen at, or localhost for 127.0.0.1 and \:\:1 (default\: 127.0.0.1)]:ADDRESS:_default' \
'--provider=[Every request is this provider'\''s]:NAME:_default' \
'(--provider)--to=[An endpoint of hookcli.toml\: its provider, secret and signature]:ENDPOINT:_default' \
'--public-url=[The URL under which senders know this server, for schemes that sign it (default\: http and the request'\''s Host)]:URL:_default' \
'--handshake=[Take the secret that this provider'\''s handshake brings, once, and verify with it from then on; or app\: hand handshakes on to the application behind --forward-to instead of answering them]:PROVIDER|app:_default' \
'--handshake-file=[Where that secret is kept (default\: PROVIDER.secret beside the store)]:FILE:_files' \
'--cert=[Listen with this certificate chain, a PEM file]:FILE:_files' \
'--key=[Its key, a PEM file]:FILE:_files' \
'--tunnel=[Make it public with a tool of yours\: cloudflared, ngrok or ssh\:USER@HOST]:TOOL:_default' \
'--ready-file=[Write the URL to this file once it listens]:FILE:_files' \
'--port-file=[Write the port to this file once it listens]:FILE:_files' \
'--keep=[Change what the store keeps, from now on and for every command\: an age (7d), a count (100000) or a size (2GiB, which a new store has)]:HOW MUCH:_default' \
'--sync=[full\: what is acknowledged survives power loss too]:MODE:(normal full)' \
'--max-body=[The longest body in bytes (at most 256 MiB)]:BYTES:_default' \
'--max-head=[The longest head in bytes]:BYTES:_default' \
'--head-timeout=[How long a head may take]:TIME:_default' \
'--body-timeout=[How long a body may take]:TIME:_default' \
'--write-timeout=[How long a sender may take to read its answer]:TIME:_default' \
'--max-connections=[How many connections at once]:N:_default' \
'--max-buffered=[How many bytes of bodies are held at once]:BYTES:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'--respond=[Answers in turn, the last for all that follow\: 503x2,200. Besides statuses there are hang, reset, close-early and slow-body=20 (bytes a second)]:ANSWERS:_default' \
'--respond-per=[Count the answers over all requests, for each event type, or for each event'\''s id]:all|event|id:_default' \
'--respond-body=[The answer'\''s body]:TEXT:_default' \
'*--respond-header=[A header of the answer]:NAME: VALUE:_default' \
'--delay=[Hold the answer back\: 6s, or 1s..3s]:TIME:_default' \
'(--respond --respond-body --respond-header --delay --status-paths)*--forward-to=[Send what is accepted on to this URL, port or endpoint, and answer what the first one answers. A URL with a path is exact, one without keeps the sender'\''s]:URL:_default' \
'--forward-retries=[Try again so often what a target does not accept]:N:_default' \
'--forward-timeout=[How long a target may take, or none (default\: the provider'\''s)]:TIME:_default' \
'--wait-for-target=[Begin once the targets accept connections]::TIME:_default' \
'*--expect=[End with 0 once such events came\: lead_captured, '\''agentclara/*>=3'\'', message=2, '\''error.*<=1'\'', '\''!x'\'']:PATTERN[COUNT]:_default' \
'--timeout=[How long to wait for it (default\: 30s where something is expected)]:TIME:_default' \
'--max=[End after so many requests]:N:_default' \
'--until=[End with the first such event]:PATTERN:_default' \
'--junit=[Write what was expected and came as JUnit XML]:FILE:_files' \
'*--show-only=[Show such events alone; can be repeated]:PATTERN:_default' \
'--show-verdict=[Show this verdict alone]:VERDICT:(valid invalid missing unchecked)' \
'--show-where=[Show what has such a value in its JSON alone\: PATH, PATH=VALUE or PATH!=VALUE]:CONDITION:_default' \
'*--show=[Show more of each\: headers, the body, or its difference to the last one of its type]:WHAT:(headers body diff)' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--accept-unverified[Answer 200 to what does not verify, too]' \
'--tls[Listen with TLS (and HTTP/2), with a certificate of a local CA that is made for this machine]' \
'--print-ca[Print the local CA'\''s certificate, for senders to trust, and end]' \
'--body[Put the body into the JSON documents]' \
'--reveal[Show masked secrets and credentials]' \
'--prune[With --keep\: remove what a lower bound leaves out, without asking]' \
'--keep-pending[Answer 503 rather than give up what is still to be forwarded to this listener'\''s own destinations (the default where it forwards)]' \
'--no-keep-pending[In a full store, give up what is still to be forwarded, the oldest first]' \
'--status-paths[Answer /…/503 with 503]' \
'--respond-always[Answer what does not verify in the same way, instead of 401]' \
'--forward-async[Answer at once, and forward after that]' \
'--forward-insecure[Trust any certificate of a target]' \
'--ordered[Forward one after the other, in the order in which they came]' \
'--allow-browser[Forward what a web page sent, too]' \
'--allow-routes[Let a hookcli.toml of the working tree forward to other machines]' \
'--expect-valid[End with 1 once something came that does not verify]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::command -- Run this once it listens, with HOOKCLI_URL set; its failure is exit 1:_default' \
&& ret=0
;;
(captures)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
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
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--raw[The body'\''s bytes as they came, and nothing else]' \
'--force[Let the raw bytes control the terminal]' \
'--reveal[Show masked secrets and credentials]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::capture -- An id, the beginning or the last six characters of one, last, or last~N:_default' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--format=[]:FORMAT:((json\:"One document a line; import takes it back"
http\:"The raw request"
curl\:"A command that sends it again"
har\:"HTTP Archive 1.2"
httpie\:"A command for HTTPie"
fetch\:"A script for JavaScript'\''s fetch"
python\:"A script for Python'\''s requests"
go\:"A program for Go"
http-file\:"A .http file, as VS Code and JetBrains run it"))' \
'-o+[Where to\: a file instead of standard output]:FILE:_files' \
'--output=[Where to\: a file instead of standard output]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--reveal[With secrets and credentials; else they are masked]' \
'--force[Let the bytes control the terminal]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Ids, the beginnings or last six characters of some, last, or last~N:_default' \
&& ret=0
;;
(import)
_arguments "${_arguments_options[@]}" : \
'*--var=[The value of \`{{name}}\` in a .http file or a Postman collection; can be repeated]:NAME=VALUE:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--allow-files[Read the files that a request names (\`-d @file\`, \`< file\`), relative to its own file]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::files -- Files, http or https URLs of some, or - for standard input:_default' \
&& ret=0
;;
(prune)
_arguments "${_arguments_options[@]}" : \
'--keep=[What is to stay\: an age (7d), a count (100000) or a size (2GiB); the store'\''s own bound stays as it is (default\: the store'\''s own bound)]:HOW MUCH:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--dry-run[Only say what would be removed]' \
'--yes[Remove it without asking]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(rm)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--all[Everything that the filters leave]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Ids, the beginnings or last six characters of some, last, or last~N:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--all[Everything that the filters leave]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Ids, the beginnings or last six characters of some, last, or last~N:_default' \
&& ret=0
;;
(wait)
_arguments "${_arguments_options[@]}" : \
'--since=[Count what came since\: an age (1m), Unix seconds or RFC 3339 (default\: now)]:TIME:_default' \
'*--expect=[End with 0 once such events came\: lead_captured, '\''agentclara/*>=3'\'', message=2, '\''error.*<=1'\'', '\''!x'\'']:PATTERN[COUNT]:_default' \
'--timeout=[How long to wait for it (default\: 30s where something is expected)]:TIME:_default' \
'--max=[End after so many requests]:N:_default' \
'--until=[End with the first such event]:PATTERN:_default' \
'--junit=[Write what was expected and came as JUnit XML]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--expect-valid[End with 1 once something came that does not verify]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(capture)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
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
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--raw[The body'\''s bytes as they came, and nothing else]' \
'--force[Let the raw bytes control the terminal]' \
'--reveal[Show masked secrets and credentials]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::capture -- An id, the beginning or the last six characters of one, last, or last~N:_default' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--format=[]:FORMAT:((json\:"One document a line; import takes it back"
http\:"The raw request"
curl\:"A command that sends it again"
har\:"HTTP Archive 1.2"
httpie\:"A command for HTTPie"
fetch\:"A script for JavaScript'\''s fetch"
python\:"A script for Python'\''s requests"
go\:"A program for Go"
http-file\:"A .http file, as VS Code and JetBrains run it"))' \
'-o+[Where to\: a file instead of standard output]:FILE:_files' \
'--output=[Where to\: a file instead of standard output]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--reveal[With secrets and credentials; else they are masked]' \
'--force[Let the bytes control the terminal]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Ids, the beginnings or last six characters of some, last, or last~N:_default' \
&& ret=0
;;
(import)
_arguments "${_arguments_options[@]}" : \
'*--var=[The value of \`{{name}}\` in a .http file or a Postman collection; can be repeated]:NAME=VALUE:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--allow-files[Read the files that a request names (\`-d @file\`, \`< file\`), relative to its own file]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::files -- Files, http or https URLs of some, or - for standard input:_default' \
&& ret=0
;;
(prune)
_arguments "${_arguments_options[@]}" : \
'--keep=[What is to stay\: an age (7d), a count (100000) or a size (2GiB); the store'\''s own bound stays as it is (default\: the store'\''s own bound)]:HOW MUCH:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--dry-run[Only say what would be removed]' \
'--yes[Remove it without asking]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(rm)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--all[Everything that the filters leave]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Ids, the beginnings or last six characters of some, last, or last~N:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--all[Everything that the filters leave]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Ids, the beginnings or last six characters of some, last, or last~N:_default' \
&& ret=0
;;
(wait)
_arguments "${_arguments_options[@]}" : \
'--since=[Count what came since\: an age (1m), Unix seconds or RFC 3339 (default\: now)]:TIME:_default' \
'*--expect=[End with 0 once such events came\: lead_captured, '\''agentclara/*>=3'\'', message=2, '\''error.*<=1'\'', '\''!x'\'']:PATTERN[COUNT]:_default' \
'--timeout=[How long to wait for it (default\: 30s where something is expected)]:TIME:_default' \
'--max=[End after so many requests]:N:_default' \
'--until=[End with the first such event]:PATTERN:_default' \
'--junit=[Write what was expected and came as JUnit XML]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--expect-valid[End with 1 once something came that does not verify]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(deliveries)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
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
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::delivery -- An id, the beginning or the last six characters of one, last, or last~N:_default' \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'*--fail-if=[Exit with 1 where this holds\: success_rate<99%, p95>2s, average>500ms, retries>10, failed>0, failures_in_a_row>=3]:CONDITION:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'--format=[json\: one document a line; report\: Markdown with ids, times, errors and the attempts]:FORMAT:(json report)' \
'-o+[The file to write (default\: standard output)]:FILE:_files' \
'--output=[The file to write (default\: standard output)]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::deliveries -- Ids, beginnings or last six characters of them, last, or last~N; else what the filters leave:_default' \
&& ret=0
;;
(retry)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Trust the certificates of this PEM file too]:FILE:_files' \
'--method=[The method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none (default\: the provider'\''s)]:TIME:_default' \
'--retries=[Try again what fails\: as the provider does (policy), or so many times (default\: one attempt)]:policy|N:_default' \
'--backoff=[Waits before the retries\: 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Make each wait longer or shorter by up to that part]:PERCENT:_default' \
'--speed=[Let waits and rates go by so much faster; timeouts stay as they are]:FACTOR:_default' \
'--policy=[Follow this provider'\''s policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts may be under way at once (default\: 1, or the policy'\''s)]:N:_default' \
'--rate=[How many attempts may begin within a time, such as 100/min]:RATE:_default' \
'--wait=[Wait until something listens there]:TIME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--failed[Every one that failed or was cut off, oldest first; narrow it with the filters]' \
'--insecure[Take any certificate]' \
'--allow-http[Send over plain http what its provider sends over https alone]' \
'--ordered[Send the next event only once the last is delivered or given up]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::deliveries -- An id, the beginning or the last six characters of one, last, or last~N:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(delivery)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
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
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'-n+[At most so many]:N:_default' \
'--limit=[At most so many]:N:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'::delivery -- An id, the beginning or the last six characters of one, last, or last~N:_default' \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'*--fail-if=[Exit with 1 where this holds\: success_rate<99%, p95>2s, average>500ms, retries>10, failed>0, failures_in_a_row>=3]:CONDITION:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--outcome=[Only with this outcome]:OUTCOME:(delivered failed pending unknown)' \
'--format=[json\: one document a line; report\: Markdown with ids, times, errors and the attempts]:FORMAT:(json report)' \
'-o+[The file to write (default\: standard output)]:FILE:_files' \
'--output=[The file to write (default\: standard output)]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::deliveries -- Ids, beginnings or last six characters of them, last, or last~N; else what the filters leave:_default' \
&& ret=0
;;
(retry)
_arguments "${_arguments_options[@]}" : \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Trust the certificates of this PEM file too]:FILE:_files' \
'--method=[The method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none (default\: the provider'\''s)]:TIME:_default' \
'--retries=[Try again what fails\: as the provider does (policy), or so many times (default\: one attempt)]:policy|N:_default' \
'--backoff=[Waits before the retries\: 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Make each wait longer or shorter by up to that part]:PERCENT:_default' \
'--speed=[Let waits and rates go by so much faster; timeouts stay as they are]:FACTOR:_default' \
'--policy=[Follow this provider'\''s policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts may be under way at once (default\: 1, or the policy'\''s)]:N:_default' \
'--rate=[How many attempts may begin within a time, such as 100/min]:RATE:_default' \
'--wait=[Wait until something listens there]:TIME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--failed[Every one that failed or was cut off, oldest first; narrow it with the filters]' \
'--insecure[Take any certificate]' \
'--allow-http[Send over plain http what its provider sends over https alone]' \
'--ordered[Send the next event only once the last is delivered or given up]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::deliveries -- An id, the beginning or the last six characters of one, last, or last~N:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(load)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[Where to\: a URL, or a port of this machine \[env\: HOOKCLI_URL\]]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'-c+[How many connections]:N:_default' \
'--concurrency=[How many connections]:N:_default' \
'--rate=[Send at that rate, such as 500/s, whatever comes back (default\: as fast as answers come)]:RATE:_default' \
'(-n --count)-d+[For how long (default\: 10s, unless --count)]:TIME:_default' \
'(-n --count)--duration=[For how long (default\: 10s, unless --count)]:TIME:_default' \
'-n+[How many requests]:N:_default' \
'--count=[How many requests]:N:_default' \
'--warmup=[Send for that long before anything is counted]:TIME:_default' \
'--timeout=[How long to wait for an answer]:TIME:_default' \
'--report=[Write a page with plots]:FILE.html:_files' \
'--cacert=[Trust this CA too, for https]:FILE:_files' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--record[Keep each delivery in the store, as \`send\` does (default\: the summary alone)]' \
'-k[Trust any certificate]' \
'--insecure[Trust any certificate]' \
'--yes[Load another machine than this one\: it should be yours]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::events -- EVENT, PROVIDER/EVENT or PROVIDER/EVENT\:VARIANT; several are sent in turn:_default' \
&& ret=0
;;
(check)
_arguments "${_arguments_options[@]}" : \
'(--to)--url=[Where to\: a URL, or a port of this machine \[env\: HOOKCLI_URL\]]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'--provider=[Whose events the receiver takes]:NAME:_default' \
'*--only=[Only these\: an area (authenticity), a case (raw_bytes.spacing), or its beginning (events.user*); can be repeated]:CASE:_default' \
'*--skip=[All but these; can be repeated]:CASE:_default' \
'--fail-on=[What makes it fail]:SEVERITY:(must should)' \
'--wait=[Wait until something listens there]:TIME:_default' \
'--probe-url=[Count effects with a GET of this URL, which answers a number; with {id} in it, those of one event]:URL:_default' \
'--effects-within=[How long after the answer an effect may come]:TIME:_default' \
'--restart=[Start the receiver with this shell command, kill it in the middle, and start it again (with a probe that counts by event)]:COMMAND:_default' \
'--log-file=[The receiver'\''s log\: it must hold neither secrets nor payloads (default with --restart\: its output)]:FILE:_files' \
'--junit=[Write the verdicts as JUnit XML]:FILE:_files' \
'--baseline=[Cases that are known to fail, one a line\: they break nothing]:FILE:_files' \
'--write-baseline=[Write the cases that fail now, for --baseline]:FILE:_files' \
'--old-secret-env=[The environment variable that holds a secret that was rotated out\: what it signs is to be refused]:NAME:_default' \
'(--old-secret-env)--old-secret-file=[A file that holds a secret that was rotated out]:FILE:_files' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'--signature-header=[The header that carries the signature]:NAME:_default' \
'--algorithm=[sha1, sha256 or sha512]:NAME:_default' \
'--encoding=[hex or base64]:FORM:_default' \
'--prefix=[Text in front of the signature, such as sha256=]:TEXT:_default' \
'--template=[What is signed, such as '\''{timestamp}.{body}'\'']:TEMPLATE:_default' \
'--timestamp-header=[The header with the timestamp]:NAME:_default' \
'--timestamp-format=[unix_s, unix_ms or iso8601]:FORM:_default' \
'--id-header=[The header with the message'\''s id]:NAME:_default' \
'--secret-form=[How the secret becomes the key\: utf8, base64 or hex]:FORM:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Trust the certificates of this PEM file too]:FILE:_files' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--list[Print the cases and their reasons, and send nothing]' \
'--yes[Check another machine than this one\: it should be yours]' \
'(--probe-url)--probe[Count effects with the command behind --, which prints a number]' \
'--probe-by-event[The command counts the effects of the event HOOKCLI_EVENT_ID (default\: where the command names that variable)]' \
'--insecure[Take any certificate]' \
'--allow-http[Send over plain http what its provider sends over https alone]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::command -- The command of --probe and its arguments:_default' \
&& ret=0
;;
(init)
_arguments "${_arguments_options[@]}" : \
'--provider=[Whose events the receiver takes]:NAME:_default' \
'--url=[Where the receiver listens\: a URL, or a port of this machine]:URL:_default' \
'--secret-env=[The environment variable that holds the secret]:NAME:_default' \
'--name=[What to call the endpoint]:NAME:_default' \
'--install-from=[Where the workflow installs hookcli from\: GIT-URL#REVISION, or a folder of the repository. Without it, the workflow expects hookcli on the PATH]:SOURCE:_default' \
'--start=[The command that starts the receiver, for the smoke test]:COMMAND:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--smoke-test[Write webhook-smoke-test.sh\: starts the receiver, and has \`hookcli check\` judge it]' \
'--workflow[Write .github/workflows/webhooks.yml, which runs the smoke test]' \
'--force[Replace what is there already]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
(keys)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
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
'--provider=[Whose form it has]:NAME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(key)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
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
'--provider=[Whose form it has]:NAME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(replay)
_arguments "${_arguments_options[@]}" : \
'--verdict=[Only with this verdict]:VERDICT:(valid invalid missing unchecked)' \
'--destination=[With --unforwarded\: what is pending at this destination, which has moved to --url or --to]:URL:_default' \
'(--url --to --destination --provider --event --since --until --verdict --curl --resign)--discard=[With --unforwarded\: send nothing, and clear what is pending at a destination that no longer exists]:URL:_default' \
'(--to)--url=[Where to\: a URL, or a port of this machine; used as it is \[env\: HOOKCLI_URL\]]:URL:_default' \
'--to=[An endpoint of hookcli.toml, or a URL]:ENDPOINT:_default' \
'(--unforwarded)*--set=[Set a value in the body\: PATH=VALUE]:PATH=VALUE:_default' \
'(--unforwarded)*--set-string=[Set a value in the body as text]:PATH=TEXT:_default' \
'(--unforwarded)*--unset=[Remove a value from the body]:PATH:_default' \
'--seed=[Make fresh ids reproducible]:N:_default' \
'--now=[The time to write and sign\: Unix seconds or RFC 3339]:TIME:_default' \
'--provider=[Only of this provider]:NAME:_default' \
'--event=[Only of this event type]:EVENT:_default' \
'--since=[Only since\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'--until=[Only before\: an age (1h), Unix seconds or RFC 3339]:TIME:_default' \
'*--var=[The value of \`{{name}}\` in a .http file or a Postman collection; can be repeated]:NAME=VALUE:_default' \
'*--secret=[The secret itself; it is visible in the process list, so prefer --secret-env]:SECRET:_default' \
'*--secret-file=[A file that holds the secret]:FILE:_files' \
'*--secret-env=[The environment variable that holds the secret (without any of these\: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)]:NAME:_default' \
'*-H+[Add or replace a header]:NAME: VALUE:_default' \
'*--header=[Add or replace a header]:NAME: VALUE:_default' \
'--cacert=[Trust the certificates of this PEM file too]:FILE:_files' \
'--method=[The method instead of the provider'\''s]:METHOD:_default' \
'--timeout=[How long to wait for the response, or none (default\: the provider'\''s)]:TIME:_default' \
'--retries=[Try again what fails\: as the provider does (policy), or so many times (default\: one attempt)]:policy|N:_default' \
'--backoff=[Waits before the retries\: 1s,2s,4s or exponential\:1s..1m (the default)]:WAITS:_default' \
'--jitter=[Make each wait longer or shorter by up to that part]:PERCENT:_default' \
'--speed=[Let waits and rates go by so much faster; timeouts stay as they are]:FACTOR:_default' \
'--policy=[Follow this provider'\''s policy instead of the event'\''s own]:PROVIDER:_default' \
'--concurrency=[How many attempts may be under way at once (default\: 1, or the policy'\''s)]:N:_default' \
'--rate=[How many attempts may begin within a time, such as 100/min]:RATE:_default' \
'--wait=[Wait until something listens there]:TIME:_default' \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--unforwarded[Only what is still to be forwarded to a destination of \`listen --forward-to\`\: to the one that --url names, or the only one. What is delivered there now counts as forwarded there, and nowhere else]' \
'--keep-path[Append the captured path and query to the URL]' \
'--resign[Renew timestamps, ids, tokens and signatures]' \
'--resign-unverified[With --resign\: captures by name that did not verify, too]' \
'--keep-credentials[Send Authorization, Cookie and tokens to a host that is not this machine]' \
'(--curl)--dry-run[Print the exact request instead of sending it; with --discard, only say what would be cleared]' \
'--curl[Print a curl command that sends the same request]' \
'--allow-files[Read the files that a request names (\`-d @file\`, \`< file\`), relative to its own file]' \
'--insecure[Take any certificate]' \
'--allow-http[Send over plain http what its provider sends over https alone]' \
'--ordered[Send the next event only once the last is delivered or given up]' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
'*::captures -- Captures (ids, the beginnings or last six characters of some, last, last~N) or files and URLs that `captures import` reads:_default' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
':shell -- The shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'--store=[The file that keeps captures and deliveries \[env\: HOOKCLI_STORE\]]:FILE:_files' \
'--color=[Colour the output]:WHEN:(auto always never)' \
'--log=[Log what hookcli does to standard error\: no header, body, query or secret is logged]:LEVEL:(error warn info debug trace)' \
'--log-format=[How the log is written]:FORMAT:(text json)' \
'--config=[Settings file instead of the hookcli.toml of the working tree \[env\: HOOKCLI_CONFIG\]]:FILE:_files' \
'*--provider-dir=[A folder of your own providers; can be repeated \[env\: HOOKCLI_PROVIDER_DIR\]]:DIR:_files' \
'--json[Print JSON\: one document a line]' \
'(--store)--no-store[Keep nothing]' \
'-q[Say less\: no hints, no warnings]' \
'--quiet[Say less\: no hints, no warnings]' \
'(-q --quiet)*-v[Say more\: headers and bodies]' \
'(-q --quiet)*--verbose[Say more\: headers and bodies]' \
'-h[Print help]' \
'--help[Print help]' \
'-V[Print version]' \
'--version[Print version]' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_hookcli_commands] )) ||
_hookcli_commands() {
    local commands; commands=(
'demo:Send every known event through a receiver on this machine and back' \
'providers:List the providers, or show one' \
'provider:List the providers, or show one' \
'events:List event types, or show one\: fields, sample, schema' \
'event:List event types, or show one\: fields, sample, schema' \
'send:Build events, sign them and deliver them to a URL' \
'trigger:Build events, sign them and deliver them to a URL' \
'sign:Print the signature headers for a body' \
'verify:Judge the signature of a request' \
'listen:Receive webhooks\: verify, keep, answer, show' \
'captures:What came in\: list, show, export, import, remove, wait' \
'capture:What came in\: list, show, export, import, remove, wait' \
'deliveries:What went out\: list, show, stats, export, retry' \
'delivery:What went out\: list, show, stats, export, retry' \
'load:Send many events and measure the answers' \
'check:Prove a receiver right\: what its provider sends, and what goes wrong' \
'init:Write hookcli.toml, a smoke test, a workflow' \
'keys:Make secrets and key pairs' \
'key:Make secrets and key pairs' \
'replay:Send again what was captured, as it was or signed afresh' \
'completions:Print a completion script for a shell' \
'man:Print the manual page' \
    )
    _describe -t commands 'hookcli commands' commands "$@"
}
(( $+functions[_hookcli__subcmd__captures_commands] )) ||
_hookcli__subcmd__captures_commands() {
    local commands; commands=(
'list:List captures, newest first' \
'ls:List captures, newest first' \
'show:Show one capture' \
'export:Write captures in a form for other tools' \
'import:Take in what export wrote (json, http or har)' \
'prune:Remove, once, what is beyond the store'\''s bound or another one' \
'rm:Remove captures' \
'remove:Remove captures' \
'wait:Wait until a running listener has kept what is expected' \
    )
    _describe -t commands 'hookcli captures commands' commands "$@"
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
'show:Show one delivery\: the request, the response, the timing' \
'stats:What they come to\: success rate, response times, retries, errors' \
'export:Write them to a file or standard output\: as documents, or as a report for a provider'\''s support' \
'retry:Go on with deliveries that failed or were cut off\: the same event and body, signed afresh' \
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
'new:Make a new secret, or key pair, in a provider'\''s own form' \
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
'new:Start a folder for a provider of your own from a request that was captured' \
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
