# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion of migcost. 'migcost complete' knows every word; this puts them into bash.

_migcost() {
  local IFS=$'\n' words=() word line before='' compopts=()
  local i

  # bash breaks words at '=': --format=json is one word again
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if [[ $i -gt 1 && ${COMP_WORDS[i]} == = ]]; then
      words[-1]+='='
    elif [[ $i -gt 2 && ${COMP_WORDS[i - 1]} == = ]]; then
      words[-1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
  done
  # what of the word being typed bash has already and does not want again
  case ${COMP_WORDS[COMP_CWORD]} in
    "${words[-1]}") ;;
    =) before=${words[-1]} ;;
    *) before=${words[-1]%"${COMP_WORDS[COMP_CWORD]}"} ;;
  esac
  # they are as they were typed, with quotes
  words=("${words[@]//[\\\"\']/}")
  before=${before//[\\\"\']/}
  word=${words[-1]}

  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopts+=(-f) ;;
      :directories) compopts+=(-d) ;;
      *)
        line=${line%%$'\t'*}
        printf -v line %q "${line#"$before"}"
        COMPREPLY+=("$line")
        ;;
    esac
  done < <("${COMP_WORDS[0]}" complete "${words[@]}" 2>/dev/null)
  if ((${#compopts[@]})); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen "${compopts[@]}" -- "${word#"$before"}")
  fi
}

complete -F _migcost migcost
