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

complete -c hookcli -n "__fish_hookcli_needs_command" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_needs_command" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_needs_command" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_needs_command" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_needs_command" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_needs_command" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_needs_command" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_needs_command" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_needs_command" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_needs_command" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hookcli -n "__fish_hookcli_needs_command" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "demo" -d 'Send every known event through a receiver on this machine and back'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "providers" -d 'List the providers, or show one'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "provider" -d 'List the providers, or show one'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "events" -d 'List event types, or show one: fields, sample, schema'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "event" -d 'List event types, or show one: fields, sample, schema'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "send" -d 'Build events, sign them and deliver them to a URL'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "trigger" -d 'Build events, sign them and deliver them to a URL'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "sign" -d 'Print the signature headers for a body'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "verify" -d 'Judge the signature of a request'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "listen" -d 'Receive webhooks: verify, keep, answer, show'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "captures" -d 'What came in: list, show, export, import, remove, wait'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "capture" -d 'What came in: list, show, export, import, remove, wait'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "deliveries" -d 'What went out: list, show, stats, export, retry'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "delivery" -d 'What went out: list, show, stats, export, retry'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "load" -d 'Send many events and measure the answers'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "check" -d 'Prove a receiver right: what its provider sends, and what goes wrong'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "init" -d 'Write hookcli.toml, a smoke test, a workflow'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "keys" -d 'Make secrets and key pairs'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "key" -d 'Make secrets and key pairs'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "replay" -d 'Send again what was captured, as it was or signed afresh'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c hookcli -n "__fish_hookcli_needs_command" -f -a "man" -d 'Print the manual page'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l provider -d 'Only this provider\'s events' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand demo" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and not __fish_seen_subcommand_from new" -a "new" -d 'Start a folder for a provider of your own from a request that was captured'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l from -d 'A capture (id, part of one, last) or a file that `captures export` wrote' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l dir -d 'Where its folder is made' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand providers; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and not __fish_seen_subcommand_from new" -a "new" -d 'Start a folder for a provider of your own from a request that was captured'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l from -d 'A capture (id, part of one, last) or a file that `captures export` wrote' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l dir -d 'Where its folder is made' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand provider; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l provider -d 'Only this provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l category -d 'Only of this category' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l platform -d 'Only what this platform sends' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l search -d 'Only with this text in name or description' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l schema -d 'Print the JSON Schema, and nothing else'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l sample -d 'Print the sample, and nothing else'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand events" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l provider -d 'Only this provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l category -d 'Only of this category' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l platform -d 'Only what this platform sends' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l search -d 'Only with this text in name or description' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l schema -d 'Print the JSON Schema, and nothing else'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l sample -d 'Print the sample, and nothing else'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand event" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l url -d 'Where to: a URL, or a port of this machine [env: HOOKCLI_URL]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l fault -d 'Send it with a fault: duplicate, reorder, tampered_body[=OFFSET|last], tampered_signature[=last], missing_signature, empty_signature, malformed_signature, truncated_signature[=DIGITS], extended_signature, signature_elsewhere, other_body_signature, signature_case, signature_encoding, wrong_secret, public_secret, forged_first, second_secret, stale_timestamp[=1h], future_timestamp[=1h], unknown_event, missing_field, wrong_content_type[=form|none], not_json, truncated_body, huge_body[=BYTES], padded_body[=BYTES], deep_nesting[=DEPTH], compressed_body, spacing, escapes, key_order, reformatted_body[=pretty], late[=5s], slow_body[=BYTES/S], slow_head[=BYTES/S], reset, close, odd_chunks, header_case; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l provider -d 'The provider, where the event\'s name leaves it open' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l data -d 'Your own payload: a file, an http or https URL, - for standard input, or JSON that starts with { or [' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l data-raw -d 'Your own payload, as it stands here' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l set -d 'Set a value: PATH=VALUE, the path a JSON pointer or with dots; JSON if it parses, else text' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l set-string -d 'Set a value as text' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l unset -d 'Remove a value' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l platform -d 'The provider\'s platform that sends it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l seed -d 'Make ids reproducible' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l now -d 'The time to write and sign: Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l cacert -d 'Trust the certificates of this PEM file too' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l method -d 'The method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l timeout -d 'How long to wait for the response, or none (default: the provider\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l retries -d 'Try again what fails: as the provider does (policy), or so many times (default: one attempt)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l backoff -d 'Waits before the retries: 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l jitter -d 'Make each wait longer or shorter by up to that part' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l speed -d 'Let waits and rates go by so much faster; timeouts stay as they are' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l policy -d 'Follow this provider\'s policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l concurrency -d 'How many attempts may be under way at once (default: 1, or the policy\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l rate -d 'How many attempts may begin within a time, such as 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l wait -d 'Wait until something listens there' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l all -d 'Every event: of --provider, of the endpoint\'s subscription, or of all providers'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l yes -d 'Send a fault to another machine than this one: it should be yours'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l variants -d 'With each event its variants'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l unsigned -d 'Send no signature'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l dry-run -d 'Print the exact request instead of sending it'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l curl -d 'Print a curl command that sends the same request'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l form -d 'Send JSON in a form\'s field, as the provider can be set to (GitHub: payload=…)'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l any-platform -d 'Send it even where the platform never does'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l verbatim -d 'Keep the sample\'s timestamps and ids'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l strict -d 'Refuse to send what does not follow the event\'s schema'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l insecure -d 'Take any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l allow-http -d 'Send over plain http what its provider sends over https alone'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l ordered -d 'Send the next event only once the last is delivered or given up'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand send" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l url -d 'Where to: a URL, or a port of this machine [env: HOOKCLI_URL]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l fault -d 'Send it with a fault: duplicate, reorder, tampered_body[=OFFSET|last], tampered_signature[=last], missing_signature, empty_signature, malformed_signature, truncated_signature[=DIGITS], extended_signature, signature_elsewhere, other_body_signature, signature_case, signature_encoding, wrong_secret, public_secret, forged_first, second_secret, stale_timestamp[=1h], future_timestamp[=1h], unknown_event, missing_field, wrong_content_type[=form|none], not_json, truncated_body, huge_body[=BYTES], padded_body[=BYTES], deep_nesting[=DEPTH], compressed_body, spacing, escapes, key_order, reformatted_body[=pretty], late[=5s], slow_body[=BYTES/S], slow_head[=BYTES/S], reset, close, odd_chunks, header_case; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l provider -d 'The provider, where the event\'s name leaves it open' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l data -d 'Your own payload: a file, an http or https URL, - for standard input, or JSON that starts with { or [' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l data-raw -d 'Your own payload, as it stands here' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l set -d 'Set a value: PATH=VALUE, the path a JSON pointer or with dots; JSON if it parses, else text' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l set-string -d 'Set a value as text' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l unset -d 'Remove a value' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l platform -d 'The provider\'s platform that sends it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l seed -d 'Make ids reproducible' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l now -d 'The time to write and sign: Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l cacert -d 'Trust the certificates of this PEM file too' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l method -d 'The method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l timeout -d 'How long to wait for the response, or none (default: the provider\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l retries -d 'Try again what fails: as the provider does (policy), or so many times (default: one attempt)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l backoff -d 'Waits before the retries: 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l jitter -d 'Make each wait longer or shorter by up to that part' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l speed -d 'Let waits and rates go by so much faster; timeouts stay as they are' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l policy -d 'Follow this provider\'s policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l concurrency -d 'How many attempts may be under way at once (default: 1, or the policy\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l rate -d 'How many attempts may begin within a time, such as 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l wait -d 'Wait until something listens there' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l all -d 'Every event: of --provider, of the endpoint\'s subscription, or of all providers'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l yes -d 'Send a fault to another machine than this one: it should be yours'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l variants -d 'With each event its variants'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l unsigned -d 'Send no signature'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l dry-run -d 'Print the exact request instead of sending it'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l curl -d 'Print a curl command that sends the same request'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l form -d 'Send JSON in a form\'s field, as the provider can be set to (GitHub: payload=…)'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l any-platform -d 'Send it even where the platform never does'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l verbatim -d 'Keep the sample\'s timestamps and ids'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l strict -d 'Refuse to send what does not follow the event\'s schema'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l insecure -d 'Take any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l allow-http -d 'Send over plain http what its provider sends over https alone'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l ordered -d 'Send the next event only once the last is delivered or given up'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand trigger" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l provider -d 'The provider; generic is HMAC-SHA256 of the body, hex, in X-Signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l body -d 'The body: a file, or - for standard input' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l to -d 'An endpoint of hookcli.toml: its provider, secret and signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s H -l header -d 'A header of the request, for schemes that sign one' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l url -d 'The URL, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l method -d 'The method, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l now -d 'The time to sign: Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l id -d 'The message\'s id, for schemes that sign one (default: a new one)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand sign" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l request -d 'A file with a request, whatever its name; - for standard input' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l body -d 'A body: a file, or - for standard input; its headers with -H' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s H -l header -d 'A header of the request' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l provider -d 'The provider (default: the capture\'s, or what is recognised); generic is HMAC-SHA256 in X-Signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l to -d 'An endpoint of hookcli.toml: its provider, secret and signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l tolerance -d 'How old a signed timestamp may be (default: the scheme\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l now -d 'The time to judge at (default: when the capture was received, else now)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l url -d 'The URL that was signed, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l public-url -d 'The URL under which the sender knows the server, for schemes that sign it (default: http and the request\'s Host)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l method -d 'The method that was signed, for schemes that sign it' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l var -d 'The value of `{{name}}` in a .http file or a Postman collection; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l reveal -d 'Also print what the signature should have been; it is as good as a key for this request'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l allow-files -d 'Read the files that a request names (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand verify" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s p -l port -d 'The port; 0 takes a free one (default: 8787)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l bind -d 'The address to listen at, or localhost for 127.0.0.1 and ::1 (default: 127.0.0.1)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l provider -d 'Every request is this provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l to -d 'An endpoint of hookcli.toml: its provider, secret and signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l public-url -d 'The URL under which senders know this server, for schemes that sign it (default: http and the request\'s Host)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l handshake -d 'Take the secret that this provider\'s handshake brings, once, and verify with it from then on; or app: hand handshakes on to the application behind --forward-to instead of answering them' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l handshake-file -d 'Where that secret is kept (default: PROVIDER.secret beside the store)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l cert -d 'Listen with this certificate chain, a PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l key -d 'Its key, a PEM file' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l tunnel -d 'Make it public with a tool of yours: cloudflared, ngrok or ssh:USER@HOST' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l ready-file -d 'Write the URL to this file once it listens' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l port-file -d 'Write the port to this file once it listens' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l keep -d 'Change what the store keeps, from now on and for every command: an age (7d), a count (100000) or a size (2GiB, which a new store has)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l sync -d 'full: what is acknowledged survives power loss too' -r -f -a "normal\t''
full\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-body -d 'The longest body in bytes (at most 256 MiB)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-head -d 'The longest head in bytes' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l head-timeout -d 'How long a head may take' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l body-timeout -d 'How long a body may take' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l write-timeout -d 'How long a sender may take to read its answer' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-connections -d 'How many connections at once' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max-buffered -d 'How many bytes of bodies are held at once' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond -d 'Answers in turn, the last for all that follow: 503x2,200. Besides statuses there are hang, reset, close-early and slow-body=20 (bytes a second)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-per -d 'Count the answers over all requests, for each event type, or for each event\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-body -d 'The answer\'s body' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-header -d 'A header of the answer' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l delay -d 'Hold the answer back: 6s, or 1s..3s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-to -d 'Send what is accepted on to this URL, port or endpoint, and answer what the first one answers. A URL with a path is exact, one without keeps the sender\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-retries -d 'Try again so often what a target does not accept' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-timeout -d 'How long a target may take, or none (default: the provider\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l wait-for-target -d 'Begin once the targets accept connections' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l expect -d 'End with 0 once such events came: lead_captured, \'agentclara/*>=3\', message=2, \'error.*<=1\', \'!x\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l timeout -d 'How long to wait for it (default: 30s where something is expected)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l max -d 'End after so many requests' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l until -d 'End with the first such event' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l junit -d 'Write what was expected and came as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show-only -d 'Show such events alone; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show-verdict -d 'Show this verdict alone' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show-where -d 'Show what has such a value in its JSON alone: PATH, PATH=VALUE or PATH!=VALUE' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l show -d 'Show more of each: headers, the body, or its difference to the last one of its type' -r -f -a "headers\t''
body\t''
diff\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l accept-unverified -d 'Answer 200 to what does not verify, too'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l tls -d 'Listen with TLS (and HTTP/2), with a certificate of a local CA that is made for this machine'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l print-ca -d 'Print the local CA\'s certificate, for senders to trust, and end'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l body -d 'Put the body into the JSON documents'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l reveal -d 'Show masked secrets and credentials'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l prune -d 'With --keep: remove what a lower bound leaves out, without asking'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l keep-pending -d 'Answer 503 rather than give up what is still to be forwarded to this listener\'s own destinations (the default where it forwards)'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l no-keep-pending -d 'In a full store, give up what is still to be forwarded, the oldest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l status-paths -d 'Answer /…/503 with 503'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l respond-always -d 'Answer what does not verify in the same way, instead of 401'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-async -d 'Answer at once, and forward after that'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l forward-insecure -d 'Trust any certificate of a target'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l ordered -d 'Forward one after the other, in the order in which they came'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l allow-browser -d 'Forward what a web page sent, too'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l allow-routes -d 'Let a hookcli.toml of the working tree forward to other machines'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l expect-valid -d 'End with 1 once something came that does not verify'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand listen" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "list" -d 'List captures, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "ls" -d 'List captures, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "show" -d 'Show one capture'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "export" -d 'Write captures in a form for other tools'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "import" -d 'Take in what export wrote (json, http or har)'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "prune" -d 'Remove, once, what is beyond the store\'s bound or another one'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "rm" -d 'Remove captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "remove" -d 'Remove captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "wait" -d 'Wait until a running listener has kept what is expected'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l raw -d 'The body\'s bytes as they came, and nothing else'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l force -d 'Let the raw bytes control the terminal'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l reveal -d 'Show masked secrets and credentials'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l format -r -f -a "json\t'One document a line; import takes it back'
http\t'The raw request'
curl\t'A command that sends it again'
har\t'HTTP Archive 1.2'
httpie\t'A command for HTTPie'
fetch\t'A script for JavaScript\'s fetch'
python\t'A script for Python\'s requests'
go\t'A program for Go'
http-file\t'A .http file, as VS Code and JetBrains run it'"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s o -l output -d 'Where to: a file instead of standard output' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l reveal -d 'With secrets and credentials; else they are masked'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l force -d 'Let the bytes control the terminal'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l var -d 'The value of `{{name}}` in a .http file or a Postman collection; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l allow-files -d 'Read the files that a request names (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l keep -d 'What is to stay: an age (7d), a count (100000) or a size (2GiB); the store\'s own bound stays as it is (default: the store\'s own bound)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l dry-run -d 'Only say what would be removed'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l yes -d 'Remove it without asking'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from prune" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l all -d 'Everything that the filters leave'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l all -d 'Everything that the filters leave'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l since -d 'Count what came since: an age (1m), Unix seconds or RFC 3339 (default: now)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l expect -d 'End with 0 once such events came: lead_captured, \'agentclara/*>=3\', message=2, \'error.*<=1\', \'!x\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l timeout -d 'How long to wait for it (default: 30s where something is expected)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l max -d 'End after so many requests' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l until -d 'End with the first such event' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l junit -d 'Write what was expected and came as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l expect-valid -d 'End with 1 once something came that does not verify'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand captures; and __fish_seen_subcommand_from wait" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "list" -d 'List captures, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "ls" -d 'List captures, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "show" -d 'Show one capture'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "export" -d 'Write captures in a form for other tools'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "import" -d 'Take in what export wrote (json, http or har)'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "prune" -d 'Remove, once, what is beyond the store\'s bound or another one'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "rm" -d 'Remove captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "remove" -d 'Remove captures'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and not __fish_seen_subcommand_from list ls show export import prune rm remove wait" -f -a "wait" -d 'Wait until a running listener has kept what is expected'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l raw -d 'The body\'s bytes as they came, and nothing else'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l force -d 'Let the raw bytes control the terminal'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l reveal -d 'Show masked secrets and credentials'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l format -r -f -a "json\t'One document a line; import takes it back'
http\t'The raw request'
curl\t'A command that sends it again'
har\t'HTTP Archive 1.2'
httpie\t'A command for HTTPie'
fetch\t'A script for JavaScript\'s fetch'
python\t'A script for Python\'s requests'
go\t'A program for Go'
http-file\t'A .http file, as VS Code and JetBrains run it'"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -s o -l output -d 'Where to: a file instead of standard output' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l reveal -d 'With secrets and credentials; else they are masked'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l force -d 'Let the bytes control the terminal'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l var -d 'The value of `{{name}}` in a .http file or a Postman collection; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l allow-files -d 'Read the files that a request names (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l keep -d 'What is to stay: an age (7d), a count (100000) or a size (2GiB); the store\'s own bound stays as it is (default: the store\'s own bound)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l dry-run -d 'Only say what would be removed'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l yes -d 'Remove it without asking'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from prune" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l all -d 'Everything that the filters leave'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l all -d 'Everything that the filters leave'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l since -d 'Count what came since: an age (1m), Unix seconds or RFC 3339 (default: now)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l expect -d 'End with 0 once such events came: lead_captured, \'agentclara/*>=3\', message=2, \'error.*<=1\', \'!x\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l timeout -d 'How long to wait for it (default: 30s where something is expected)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l max -d 'End after so many requests' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l until -d 'End with the first such event' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l junit -d 'Write what was expected and came as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l expect-valid -d 'End with 1 once something came that does not verify'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand capture; and __fish_seen_subcommand_from wait" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "list" -d 'List deliveries, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "ls" -d 'List deliveries, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "show" -d 'Show one delivery: the request, the response, the timing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "stats" -d 'What they come to: success rate, response times, retries, errors'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "export" -d 'Write them to a file or standard output: as documents, or as a report for a provider\'s support'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "retry" -d 'Go on with deliveries that failed or were cut off: the same event and body, signed afresh'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l fail-if -d 'Exit with 1 where this holds: success_rate<99%, p95>2s, average>500ms, retries>10, failed>0, failures_in_a_row>=3' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from stats" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l format -d 'json: one document a line; report: Markdown with ids, times, errors and the attempts' -r -f -a "json\t''
report\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s o -l output -d 'The file to write (default: standard output)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l cacert -d 'Trust the certificates of this PEM file too' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l method -d 'The method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l timeout -d 'How long to wait for the response, or none (default: the provider\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l retries -d 'Try again what fails: as the provider does (policy), or so many times (default: one attempt)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l backoff -d 'Waits before the retries: 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l jitter -d 'Make each wait longer or shorter by up to that part' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l speed -d 'Let waits and rates go by so much faster; timeouts stay as they are' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l policy -d 'Follow this provider\'s policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l concurrency -d 'How many attempts may be under way at once (default: 1, or the policy\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l rate -d 'How many attempts may begin within a time, such as 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l wait -d 'Wait until something listens there' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l failed -d 'Every one that failed or was cut off, oldest first; narrow it with the filters'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l insecure -d 'Take any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l allow-http -d 'Send over plain http what its provider sends over https alone'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l ordered -d 'Send the next event only once the last is delivered or given up'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand deliveries; and __fish_seen_subcommand_from retry" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "list" -d 'List deliveries, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "ls" -d 'List deliveries, newest first'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "show" -d 'Show one delivery: the request, the response, the timing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "stats" -d 'What they come to: success rate, response times, retries, errors'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "export" -d 'Write them to a file or standard output: as documents, or as a report for a provider\'s support'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and not __fish_seen_subcommand_from list ls show stats export retry" -f -a "retry" -d 'Go on with deliveries that failed or were cut off: the same event and body, signed afresh'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -s n -l limit -d 'At most so many' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l fail-if -d 'Exit with 1 where this holds: success_rate<99%, p95>2s, average>500ms, retries>10, failed>0, failures_in_a_row>=3' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from stats" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l outcome -d 'Only with this outcome' -r -f -a "delivered\t''
failed\t''
pending\t''
unknown\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l format -d 'json: one document a line; report: Markdown with ids, times, errors and the attempts' -r -f -a "json\t''
report\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -s o -l output -d 'The file to write (default: standard output)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l cacert -d 'Trust the certificates of this PEM file too' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l method -d 'The method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l timeout -d 'How long to wait for the response, or none (default: the provider\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l retries -d 'Try again what fails: as the provider does (policy), or so many times (default: one attempt)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l backoff -d 'Waits before the retries: 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l jitter -d 'Make each wait longer or shorter by up to that part' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l speed -d 'Let waits and rates go by so much faster; timeouts stay as they are' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l policy -d 'Follow this provider\'s policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l concurrency -d 'How many attempts may be under way at once (default: 1, or the policy\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l rate -d 'How many attempts may begin within a time, such as 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l wait -d 'Wait until something listens there' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l failed -d 'Every one that failed or was cut off, oldest first; narrow it with the filters'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l insecure -d 'Take any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l allow-http -d 'Send over plain http what its provider sends over https alone'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l ordered -d 'Send the next event only once the last is delivered or given up'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand delivery; and __fish_seen_subcommand_from retry" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l url -d 'Where to: a URL, or a port of this machine [env: HOOKCLI_URL]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s c -l concurrency -d 'How many connections' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l rate -d 'Send at that rate, such as 500/s, whatever comes back (default: as fast as answers come)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s d -l duration -d 'For how long (default: 10s, unless --count)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s n -l count -d 'How many requests' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l warmup -d 'Send for that long before anything is counted' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l timeout -d 'How long to wait for an answer' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l report -d 'Write a page with plots' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l cacert -d 'Trust this CA too, for https' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l record -d 'Keep each delivery in the store, as `send` does (default: the summary alone)'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s k -l insecure -d 'Trust any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l yes -d 'Load another machine than this one: it should be yours'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand load" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l url -d 'Where to: a URL, or a port of this machine [env: HOOKCLI_URL]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l provider -d 'Whose events the receiver takes' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l only -d 'Only these: an area (authenticity), a case (raw_bytes.spacing), or its beginning (events.user*); can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l skip -d 'All but these; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l fail-on -d 'What makes it fail' -r -f -a "must\t''
should\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l wait -d 'Wait until something listens there' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l probe-url -d 'Count effects with a GET of this URL, which answers a number; with {id} in it, those of one event' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l effects-within -d 'How long after the answer an effect may come' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l restart -d 'Start the receiver with this shell command, kill it in the middle, and start it again (with a probe that counts by event)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l log-file -d 'The receiver\'s log: it must hold neither secrets nor payloads (default with --restart: its output)' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l junit -d 'Write the verdicts as JUnit XML' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l baseline -d 'Cases that are known to fail, one a line: they break nothing' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l write-baseline -d 'Write the cases that fail now, for --baseline' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l old-secret-env -d 'The environment variable that holds a secret that was rotated out: what it signs is to be refused' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l old-secret-file -d 'A file that holds a secret that was rotated out' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l signature-header -d 'The header that carries the signature' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l algorithm -d 'sha1, sha256 or sha512' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l encoding -d 'hex or base64' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l prefix -d 'Text in front of the signature, such as sha256=' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l template -d 'What is signed, such as \'{timestamp}.{body}\'' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l timestamp-header -d 'The header with the timestamp' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l timestamp-format -d 'unix_s, unix_ms or iso8601' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l id-header -d 'The header with the message\'s id' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l secret-form -d 'How the secret becomes the key: utf8, base64 or hex' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l cacert -d 'Trust the certificates of this PEM file too' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l list -d 'Print the cases and their reasons, and send nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l yes -d 'Check another machine than this one: it should be yours'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l probe -d 'Count effects with the command behind --, which prints a number'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l probe-by-event -d 'The command counts the effects of the event HOOKCLI_EVENT_ID (default: where the command names that variable)'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l insecure -d 'Take any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l allow-http -d 'Send over plain http what its provider sends over https alone'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand check" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l provider -d 'Whose events the receiver takes' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l url -d 'Where the receiver listens: a URL, or a port of this machine' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l secret-env -d 'The environment variable that holds the secret' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l name -d 'What to call the endpoint' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l install-from -d 'Where the workflow installs hookcli from: GIT-URL#REVISION, or a folder of the repository. Without it, the workflow expects hookcli on the PATH' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l start -d 'The command that starts the receiver, for the smoke test' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l smoke-test -d 'Write webhook-smoke-test.sh: starts the receiver, and has `hookcli check` judge it'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l workflow -d 'Write .github/workflows/webhooks.yml, which runs the smoke test'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l force -d 'Replace what is there already'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand init" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and not __fish_seen_subcommand_from new" -f -a "new" -d 'Make a new secret, or key pair, in a provider\'s own form'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l provider -d 'Whose form it has' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand keys; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and not __fish_seen_subcommand_from new" -f -a "new" -d 'Make a new secret, or key pair, in a provider\'s own form'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l provider -d 'Whose form it has' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand key; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l verdict -d 'Only with this verdict' -r -f -a "valid\t''
invalid\t''
missing\t''
unchecked\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l destination -d 'With --unforwarded: what is pending at this destination, which has moved to --url or --to' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l discard -d 'With --unforwarded: send nothing, and clear what is pending at a destination that no longer exists' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l url -d 'Where to: a URL, or a port of this machine; used as it is [env: HOOKCLI_URL]' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l to -d 'An endpoint of hookcli.toml, or a URL' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l set -d 'Set a value in the body: PATH=VALUE' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l set-string -d 'Set a value in the body as text' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l unset -d 'Remove a value from the body' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l seed -d 'Make fresh ids reproducible' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l now -d 'The time to write and sign: Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l provider -d 'Only of this provider' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l event -d 'Only of this event type' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l since -d 'Only since: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l until -d 'Only before: an age (1h), Unix seconds or RFC 3339' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l var -d 'The value of `{{name}}` in a .http file or a Postman collection; can be repeated' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l secret -d 'The secret itself; it is visible in the process list, so prefer --secret-env' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l secret-file -d 'A file that holds the secret' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l secret-env -d 'The environment variable that holds the secret (without any of these: HOOKCLI_SECRET_<PROVIDER>, HOOKCLI_SECRET)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s H -l header -d 'Add or replace a header' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l cacert -d 'Trust the certificates of this PEM file too' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l method -d 'The method instead of the provider\'s' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l timeout -d 'How long to wait for the response, or none (default: the provider\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l retries -d 'Try again what fails: as the provider does (policy), or so many times (default: one attempt)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l backoff -d 'Waits before the retries: 1s,2s,4s or exponential:1s..1m (the default)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l jitter -d 'Make each wait longer or shorter by up to that part' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l speed -d 'Let waits and rates go by so much faster; timeouts stay as they are' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l policy -d 'Follow this provider\'s policy instead of the event\'s own' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l concurrency -d 'How many attempts may be under way at once (default: 1, or the policy\'s)' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l rate -d 'How many attempts may begin within a time, such as 100/min' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l wait -d 'Wait until something listens there' -r
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l unforwarded -d 'Only what is still to be forwarded to a destination of `listen --forward-to`: to the one that --url names, or the only one. What is delivered there now counts as forwarded there, and nowhere else'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l keep-path -d 'Append the captured path and query to the URL'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l resign -d 'Renew timestamps, ids, tokens and signatures'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l resign-unverified -d 'With --resign: captures by name that did not verify, too'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l keep-credentials -d 'Send Authorization, Cookie and tokens to a host that is not this machine'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l dry-run -d 'Print the exact request instead of sending it; with --discard, only say what would be cleared'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l curl -d 'Print a curl command that sends the same request'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l allow-files -d 'Read the files that a request names (`-d @file`, `< file`), relative to its own file'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l insecure -d 'Take any certificate'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l allow-http -d 'Send over plain http what its provider sends over https alone'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l ordered -d 'Send the next event only once the last is delivered or given up'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand replay" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand completions" -s V -l version -d 'Print version'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l store -d 'The file that keeps captures and deliveries [env: HOOKCLI_STORE]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l color -d 'Colour the output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l log -d 'Log what hookcli does to standard error: no header, body, query or secret is logged' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l log-format -d 'How the log is written' -r -f -a "text\t''
json\t''"
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l config -d 'Settings file instead of the hookcli.toml of the working tree [env: HOOKCLI_CONFIG]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l provider-dir -d 'A folder of your own providers; can be repeated [env: HOOKCLI_PROVIDER_DIR]' -r -F
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l json -d 'Print JSON: one document a line'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -l no-store -d 'Keep nothing'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s q -l quiet -d 'Say less: no hints, no warnings'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s v -l verbose -d 'Say more: headers and bodies'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s h -l help -d 'Print help'
complete -c hookcli -n "__fish_hookcli_using_subcommand man" -s V -l version -d 'Print version'
