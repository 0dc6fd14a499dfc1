# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion of migcost. 'migcost complete' knows every word; this puts them into fish.

function __migcost_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l typed (string replace -r -- '^(--[^=]*=)?' '' "$words[-1]")
    set -l before (string match -r -- '^--[^=]*=' "$words[-1]")
    for line in ($words[1] complete $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$typed" | string replace -r -- '^' "$before"
            case :directories
                __fish_complete_directories "$typed" '' | string replace -r -- '^' "$before"
            case '*'
                echo -- $line
        end
    end
end

complete -c migcost -f -a '(__migcost_complete)'
