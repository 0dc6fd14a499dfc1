# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Somebody else opens the guest's console, by force.
begin_fault console
check "console: the repetition has begun" wait_line "baseline"
mkfifo "$work/keys"
script -qfec "virsh -q -c '$uri0' console $domain --force" "$work/typescript" <"$work/keys" \
  >"$work/console.log" 2>&1 5<&- 7>&- &
other=$!
exec 8>"$work/keys"
disturbed="the console of guest 'm1'"
end_fault "the console of guest 'm1' on host 'source' broke" ok
exec 8>&-
kill "$other" 2>/dev/null
wait "$other"
rm "$work/keys"
mended
