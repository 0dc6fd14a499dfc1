#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# "Two KVM machines, step by step" of doc/hosts-kvm.md, walked on the emulated pair: the commands are
# read from the document and run as they stand there, through ssh, on hosts called alpha and beta. What
# differs: packages are those of the hosts' image, migcost is the one under test, its kernel stands for
# that of the third machine, and the study is a small one. Then guests that boot once, are saved on their
# host and restored; and doc/security.md's polkit rule, for users who are not root.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh source=lib-ssh.sh
kind=kvm
. "$top_srcdir/tests/pair/lib-pair.sh"
. "$top_srcdir/tests/kvm/lib-ssh.sh"
document=$top_srcdir/doc/hosts-kvm.md
security=$top_srcdir/doc/security.md

# step N: its commands, one a line, without comments
step() {
  awk -v wanted="$1" '
    /^## / { here = $0 == "## Two KVM machines, step by step" }
    here && /^[0-9]+\. / { number = $1 + 0 }
    here && number == wanted && /^       / {
      sub(/^ */, ""); sub(/ +#.*/, "")
      if (sub(/ *\\$/, "")) held = held $0 " "
      else { print held $0; held = "" }
    }' "$document"
}

# --- the steps

has_commands() {
  for n in 1 2 3 4; do [ -n "$(step $n)" ] || { echo "step $n has no command"; return 1; }; done
}

# 1: what is to be installed is there; libvirt finds hardware virtualization and /dev/kvm
validates() {
  step 1 | grep -v '^apt ' >"$work/step1"
  both "$(cat "$work/step1")" >"$work/validated"
  [ "$(grep -ci 'hardware virtualization.*PASS' "$work/validated")" = 2 ] &&
    [ "$(grep -c "'/dev/kvm' exists .*PASS" "$work/validated")" = 2 ] &&
    [ "$(grep -c "'/dev/kvm' is accessible .*PASS" "$work/validated")" = 2 ] ||
    { cat "$work/validated"; return 1; }
}

# 2: each knows the other by the name that it gives itself
know_each_other() {
  command=$(step 2)
  alpha=$(ssh root@alpha "$command" </dev/null) && beta=$(ssh root@beta "$command" </dev/null) &&
    [ "$alpha" != "$beta" ] && ssh root@beta "getent hosts $alpha" </dev/null &&
    ssh root@alpha "getent hosts $beta" </dev/null
}

# 3: this machine reaches both. Nothing is installed: migcost is the one under test.
reaches_both() {
  step 3 | grep '^ssh ' >"$work/step3"
  [ "$(wc -l <"$work/step3")" = 2 ] || { cat "$work/step3"; return 1; }
  sh -e "$work/step3" </dev/null
}

# Neither hosts nor this machine have more than the steps have made: what the pair has for other tests,
# where the templates look for it, is taken away, and the cache is empty.
as_bare_as_new() {
  both umount /boot && both 'test ! -e /boot/vmlinuz && test ! -e /boot/guest.cpio.gz'
}

# 4: check, run, report; the main study is too large for these hosts
walks() {
  step 4 | sed -e 's/load-balancing --scale 1 --repeat 5/smoke/' -e 's/load-balancing/smoke/' \
    -e "s|^migcost|'$migcost'|" >"$work/step4"
  [ "$(grep -c smoke "$work/step4")" = 2 ] || { cat "$work/step4"; return 1; }
  while IFS= read -r command; do
    XDG_CACHE_HOME=$work/cache sh -c "$command" </dev/null >>"$work/walk.log" 2>&1 ||
      { cat "$work/walk.log"; echo "failed: $command"; return 1; }
  done <"$work/step4"
}

# --- guests that are saved

on_hosts='--pool /srv/saved --source qemu+ssh://root@alpha/system --destination qemu+ssh://root@beta/system'

# A host's own /var/tmp has less room than is left to others.
make_room() {
  both 'mkdir -p /srv/saved && mount -t tmpfs -o size=600m,mode=1777 tmpfs /srv/saved'
}

saved_study() {
  cat >saved.xml <<END
<study name="saved">
  <hosts><host name="source" cpu="0"/><host name="destination" cpu="0"/></hosts>
  <workload name="m" type="memory" wss="16 MB" rate="500"/>
  <guest name="m1" workload="m" memory="128 MiB"/>
  <cases><sequence>m1</sequence></cases>
  <timing ready-timeout="10 min" settle="3 s" baseline="2 s" window="8 s" repetitions="2"/>
</study>
END
}

# are_saved NUMBER: on alpha so many files, for libvirt's daemon alone, which is root's; none on beta
are_saved() {
  found=$(ssh root@alpha 'stat -c "%U %a" /srv/saved/migcost-guest-* 2>/dev/null' </dev/null)
  [ "$(echo "$found" | grep -cx 'root 600')" = "$1" ] && [ "$(echo "$found" | grep -c .)" = "$1" ] &&
    ! ssh root@beta 'ls /srv/saved/migcost-guest-* 2>/dev/null' </dev/null || { echo "$found"; return 1; }
}

# --- users

polkit_rule() { # the file, as security.md has it
  awk '/^    polkit.addRule/ { on = 1 } on && !/^    / { exit } on { sub(/^    /, ""); print }' "$security"
}

# The path is security.md's too.
install_rule() {
  path=$(grep -o '/etc/polkit-1/rules.d/[a-z0-9-]*\.rules' "$security" | head -n 1)
  polkit_rule >"$work/rule"
  grep -q 'YES' "$work/rule" || { cat "$work/rule"; return 1; }
  for host in alpha beta; do ssh root@$host "cat >$path" <"$work/rule" || return 1; done
}

check_as() { # USER
  run "$migcost" check smoke --pool /var/tmp \
    --source "qemu+ssh://$1@alpha/system" --destination "qemu+ssh://$1@beta/system"
}

allowed() { check_as "$1" && exits 0; }

refused() { check_as "$1" && exits 1 && grep -i 'cannot connect\|denied\|authentication' err; }

build_or_skip
check "the document's steps have commands" has_commands
check "the pair comes up" pair_up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "ssh leads to the hosts" ssh_to_hosts
check "... as root" both true
check "1. libvirt finds KVM on both" validates
check "2. they know each other" know_each_other
check "3. this machine reaches both" reaches_both
check "the hosts have nothing that guests boot" as_bare_as_new
check "4. check, run, report" walks
result=$work/kvm
check "the page is there" test -s "$work/kvm.html"
check "the result is complete" is_complete
check "both migrations are sound" all_are ok migrations status
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "the hosts were reached through ssh" grep -q '^source,uri,.*qemu+ssh://root@alpha' "$result/environment.csv"
check "the kernel was uploaded, and which" \
  grep -q "uploading the kernel of the guests, '$MIGCOST_KERNEL'" "$work/walk.log"
check "nothing is left on the source" no_guests source
check "nor on the destination" no_guests destination
check "both have room for guests that are saved" make_room
saved_study
# shellcheck disable=SC2086 # several arguments
measure saved saved.xml $on_hosts
check "a study of two repetitions runs" exits 0
check "in both its guest was restored" all_are restored guests start
check "both are sound" all_are ok runs status
check "so are the migrations" all_are ok migrations status
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "nor went one back" all_are 0 guests heartbeats_backwards
check "guests have verified their memory" all_are 0 guests checksum_errors
check "what the guest was restored from is gone" are_saved 0
check "nothing is to be undone" no_journal
# shellcheck disable=SC2086
start saved.xml $on_hosts -o "$work/results/killed"
check "another one migrates" wait_line "repetition 1 of 2: migrating"
check "its guest is saved on the source, for root alone" are_saved 1
kill -KILL "$run_pid"
wait_run
# shellcheck disable=SC2086
run "$migcost" check smoke $on_hosts
check "killed: the next start takes that back" grep -q "took back .*: upload '/srv/saved/migcost-guest-" err
check "nothing is left of it" are_saved 0
check "nor on the source" no_guests source
check "nor on the destination" no_guests destination
check "nor a journal" no_journal
check "without the rule a user of the group is refused" refused user
check "the rule is installed" install_rule
check "with it the user may check" allowed user
check "and nobody else" refused stranger
check "the pair goes down" "$emulated_pair" down "$directory"
finish
