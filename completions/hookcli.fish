complete --keep-order --exclusive --command hookcli --arguments "(HOOKCLI_COMPLETE=fish hookcli -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
