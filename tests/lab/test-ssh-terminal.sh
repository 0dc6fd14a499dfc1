#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What is typed at the terminal while hosts are reached through ssh, which libvirt starts among the processes that a
# terminal signals: Ctrl-C and Ctrl-Z are migcost's alone, and ssh's questions can be answered, or not.
# shellcheck source-path=SCRIPTDIR source=lib-ssh.sh
. "$(dirname "$0")/lib-ssh.sh"

command -v script >/dev/null || skip_all "script, of util-linux, is not installed"
stopped=147 # what a shell says of a job that SIGSTOP has stopped
passphrase=open-sesame
own="migcost-vm"
# so that there is time to type
slow=' bandwidth="2 MiB/s"'

# uri_asking HOST: with a key whose passphrase ssh asks for
uri_asking() {
  eval "port=\$port_$1"
  echo "qemu+ssh://$me@127.0.0.1:$port/session?keyfile=$work/closed&no_verify=1"
}

files() {
  mkdir -p "$work/data/studies" && cp "$top_srcdir/studies/study.rng" "$work/data/studies/" &&
    cp -r "$top_srcdir/domains" "$work/data/" && cp "$work/key" "$work/closed" &&
    ssh-keygen -q -p -P '' -N "$passphrase" -f "$work/closed" &&
    sed -e "s|<kernel>.*</kernel>|<kernel>$(lab_get 1 kernel)</kernel>|" \
      -e "s|<initrd>.*</initrd>|<initrd>$(lab_get 1 initrd)</initrd>|" \
      "$top_srcdir/domains/qemu-tcg.xml" >"$work/template.xml"
}

study() { # URIS GUEST: the function that has the hosts' URIs, an element
  cat >"$work/study.xml" <<XML
<study name="at-the-terminal">
  <hosts>
    <host name="here" uri="$(xml "$($1 0)")" migrate-uri="$(lab_get 1 migrate0)"/>
    <host name="there" uri="$(xml "$($1 1)")" migrate-uri="$(lab_get 1 migrate1)"/>
  </hosts>
  <workload name="m" type="memory" wss="16 MB" rate="100"/>
  $2
  <cases><sequence>vm</sequence></cases>
  <migration peer-to-peer="no"$slow/>
  <timing ready-timeout="10 min" settle="1 s" baseline="1 s" window="2 s" repetitions="1"/>
</study>
XML
}
existing='<guest name="vm" existing="yes" domain="lab-test"/>'

# --- a terminal

# job ARGUMENT...: a script: migcost in the foreground of a terminal, by a shell with job control, which says that it
# is stopped and waits for word before it lets it go on; the terminal's modes and the exit status when it has ended
job() {
  cat <<SH
set -m
MIGCOST_DATADIR=$work/data XDG_STATE_HOME=$work/state $top_builddir/migcost $* >$work/out 2>$work/progress
status=\$?
while [ \$status = $stopped ]; do
  : >$work/stops
  read -r _ <$work/go
  fg
  status=\$?
done
stty -a >$work/modes
echo \$status >$work/ended
SH
}

# terminal_open ARGUMENT...: migcost at a terminal of its own, whose number is $terminal. What it shows is in
# $work/screen; its keyboard is fd 6, and what migcost says comes from fd 7. Its shell hears of a terminal that goes
# away also where these tests run under nohup.
terminal_open() {
  rm -f "$work/progress" "$work/keyboard" "$work/go" "$work/stops" "$work/ended"
  mkfifo "$work/progress" "$work/keyboard" "$work/go"
  job "$@" >"$work/job"
  : >"$work/err"
  : >"$work/screen"
  script -qefc "exec env --default-signal=HUP sh $work/job" "$work/screen" <"$work/keyboard" >/dev/null 2>&1 3>&- 4>&- &
  terminal=$!
  exec 6>"$work/keyboard" 7<"$work/progress"
}

type_keys() { # TEXT: as for printf
  # shellcheck disable=SC2059
  printf "$1" >&6
}

# terminal_hear LISTENER: called with each line, until migcost has ended; the rest is kept as by run
terminal_hear() {
  while IFS= read -r line; do
    echo "$line" >>"$work/err"
    $1 "$line"
  done <&7
  wait "$terminal"
  exec 6>&- 7<&-
  status=$(cat "$work/ended" 2>/dev/null || echo none)
}

at_terminal() { # LISTENER ARGUMENT...
  listener=$1
  shift
  terminal_open "$@"
  terminal_hear "$listener"
}

# --- while a guest is sent

slowly() { virsh_on 1 0 migrate-setspeed lab-test 1; }
hurry() { virsh_on 1 0 migrate-setspeed lab-test 1000; }

is_sending() { virsh_on 1 0 domjobinfo "$guest" 2>&1 | grep -q '^Memory processed: *[1-9]'; }

# sending LINE: a migration begins; when memory is sent
sending() {
  case $1 in *": migrating"*) ;; *) return 1 ;; esac
  until is_sending; do sleep 0.1; done
}

interrupt() { # LINE: Ctrl-C
  ! sending "$1" || type_keys '\003'
}

hang_up() { # LINE: the terminal goes away
  ! sending "$1" || kill -KILL "$terminal"
}

# suspend LINE: Ctrl-Z; where is the guest when migcost stops?
suspend() {
  ! sending "$1" || type_keys '\032'
  case $1 in "Ctrl-Z: "*) ;; *) return ;; esac
  hurry
  until [ -e "$work/stops" ] || [ -e "$work/ended" ]; do sleep 0.1; done
  [ -e "$work/stops" ] || return
  { guest_runs_on 1 1 && echo moved; } >"$work/when-stopped" 2>&1
  echo go >"$work/go"
}

is_aborted() { # the guest is where it was, and migcost knows it of both hosts
  holds migrations status aborted && contains "$work/err" "is running on host 'here' alone"
}

keeps_connections() { not grep -iE 'lost the connection|end of file' "$work/err"; }

none_left() { # HOST: of migcost's own guests
  not virsh_on 1 "$1" domstate "$own"
}

# --- while ssh asks

asked() { grep -c "passphrase for key" "$work/screen"; }

once_asked() { # TEXT: is typed as soon as ssh asks
  until [ -e "$work/ended" ] || [ "$(asked)" != 0 ]; do sleep 0.1; done
  type_keys "$1"
}

# answer_each: as often as ssh asks, until migcost has ended
answer_each() {
  answered=0
  until [ -e "$work/ended" ]; do
    [ "$(asked)" -le $answered ] || { type_keys "$passphrase\r"; answered=$((answered + 1)); }
    sleep 0.1
  done
}

ignore() { :; }

# no_ssh: none of this test's; one may be about to end
no_ssh() {
  for file in /proc/[0-9]*/cmdline; do
    ! tr '\0' ' ' <"$file" 2>/dev/null | grep -q "^[^ ]*ssh .*$work/" ||
      wait_end "$(echo "$file" | cut -d / -f 3)" || return 1
  done
}

check "keys" keys
check "a lab" lab_up 1
check "an ssh daemon for the one host" sshd_start 0
check "one for the other" sshd_start 1
check "files" files
check "a guest that nobody told migcost of" guest_start 1

guest=lab-test slow=
study uri_of "$existing"
check "it leaves slowly" slowly
result=$work/interrupted
at_terminal interrupt run --yes "$work/study.xml" -o "$result"
check "Ctrl-C while it is sent over ssh" exits 1
check "... aborts the migration" is_aborted
check "... over connections that last" keeps_connections
check "... the guest runs there" guest_runs_on 1 0

result=$work/hung-up
at_terminal hang_up run --yes "$work/study.xml" -o "$result"
check "a terminal that goes away aborts the migration, too" is_aborted
check "... over connections that last" keeps_connections
check "... the guest runs there" guest_runs_on 1 0

result=$work/suspended
at_terminal suspend run --yes "$work/study.xml" -o "$result"
check "Ctrl-Z while it is sent waits" contains "$work/err" "Ctrl-Z: stopping once the direct migrations have ended"
check "... migcost stops when the guest runs on the other host" contains "$work/when-stopped" moved
check "... and goes on" exits 0
check "... with a sound migration" holds migrations status ok
check "... over connections that last" keeps_connections

guest=$own slow=' bandwidth="2 MiB/s"'
study uri_of "<guest name=\"vm\" workload=\"m\" memory=\"96 MiB\" template=\"$work/template.xml\"/>"
result=$work/own
at_terminal interrupt run "$work/study.xml" -o "$result"
check "Ctrl-C while a guest of migcost's own is sent" exits 1
check "... aborts the migration" is_aborted
check "... over connections that last" keeps_connections
check "... the guest is destroyed" none_left 0
check "... it is on no host" none_left 1
check "nothing is to be undone" not ls "$work/state/migcost/undo/"journal-*

guest=lab-test slow=
study uri_asking "$existing"
terminal_open check "$work/study.xml"
once_asked '\003'
terminal_hear ignore
check "Ctrl-C while ssh asks ends migcost" exits 130
check "... and ssh" no_ssh
check "... and the terminal shows what is typed" shows_what_is_typed
terminal_open check "$work/study.xml"
answer_each
terminal_hear ignore
check "answers are heard" exits 0
check "... of each connection" [ $answered -ge 2 ]
check "no ssh is left" no_ssh
check "the lab ends" lab_end 1
finish
