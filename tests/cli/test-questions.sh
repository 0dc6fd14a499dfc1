#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# migcost plan: what operators ask, and what it does where not all of it can be done.
. "$top_srcdir/tests/tap.sh"

plan() { # FILE ARGUMENT...
  run "$migcost" plan "$@"
  [ "$status" = 0 ] || { cat "$work/err"; false; }
}

says() { # TEXT FILE ARGUMENT...: lines are joined
  want=$1
  shift
  plan "$@" && contains_words "$work/out" "$want"
}

# VMs that cannot be moved: one never converges, one cannot keep its limit, one can.
cat >"$work/hard.csv" <<'END'
vm,host,memory,cpus,cpu,wss,dirty_pages_per_s,max_downtime,link
,a,256 GiB,64,,,,,1 Gbit/s
,b,256 GiB,64,,,,,1 Gbit/s
cache,a,50 GiB,8,6,40 GiB,400000,,
db,a,8 GiB,4,1,20 MiB,50000,1 ms,
dns,a,1 GiB,1,0.1,30 MiB,20,,
END
check "a VM that never converges is named" \
  fails_with 1 "'cache' cannot be moved: it updates 1.64 GB/s and at most 125 MB/s can be sent" \
  "$migcost" plan "$work/hard.csv" --empty a
check "... and so is one that cannot keep its limit" \
  contains "$work/err" "'db' cannot be moved: its downtime is"
check "... with its limit" contains "$work/err" "its limit 1.00 ms"
check "the rest is planned" \
  says "Empty a: 1 VM moves to b" "$work/hard.csv" --empty a --skip-impossible
check "... and says who stays" contains "$work/out" "cache, on a: it updates 1.64 GB/s"
check "... as JSON" \
  says '"reason" : "it updates 1.64 GB/s' "$work/hard.csv" --empty a --skip-impossible --json
sed '/^cache/d; /^db/d; s/^dns.*/dns,a,1 GiB,1,0.1,30 MiB,2000,,/' "$work/hard.csv" \
  >"$work/slow.csv"
check "a limit of bandwidth that is in the way" \
  fails_with 1 "never ends; it can without --bandwidth" \
  "$migcost" plan "$work/slow.csv" --empty a --bandwidth '1 MiB/s'

# Memory: hosts that are over-committed now.
cat >"$work/memory.csv" <<'END'
vm,host,memory,cpus,used,overcommit
,a,64 GiB,16,,
,b,64 GiB,16,,
v1,a,24 GiB,4,9 GiB,
v2,a,24 GiB,4,9 GiB,
v3,a,24 GiB,4,9 GiB,
v4,b,24 GiB,4,9 GiB,
END
check "no memory is left" \
  fails_with 1 "it has 25.8 GB of memory, and no more than 17.2 GB is left on one" \
  "$migcost" plan "$work/memory.csv" --empty a
check "a ratio for all hosts" says \
  "3 VMs move to b, at most 1 at a time from a host; hosts' memory over-committed up to 1.5 times" \
  "$work/memory.csv" --empty a --overcommit 1.5
check "... that is too small" \
  fails_with 1 "does not fit on its only possible host" "$migcost" plan "$work/memory.csv" --empty a --overcommit 1.4
check "what VMs use" \
  says "3 VMs move to b, at most 1 at a time from a host; of VMs' memory what they use counts" \
  "$work/memory.csv" --empty a --overcommit used
sed 's/^,b,64 GiB,16,,/&1.5/' "$work/memory.csv" >"$work/ratio.csv"
check "a host's own ratio" says "over-committed up to 1.5 times" "$work/ratio.csv" --empty a
check "... which the option leaves alone" \
  says "over-committed up to 1.5 times" "$work/ratio.csv" --empty a --overcommit 1.2
check "a ratio that is none" fails_with 2 "neither a ratio from 1 to 100, such as 1.5, nor 'used'" \
  "$migcost" plan "$work/memory.csv" --empty a --overcommit 0.5
check "VMs without room stay" \
  says "Empty a: 1 VM moves" "$work/memory.csv" --empty a --skip-impossible
cat >"$work/exchange.csv" <<'END'
vm,host,memory,cpus,to
,a,6 GiB,8,
,b,4 GiB,8,
x,a,3 GiB,1,b
y,b,3 GiB,1,a
END
cat >"$work/circle.csv" <<'END'
vm,host,memory,cpus,to
,a,48 GiB,16,
,b,48 GiB,16,
v1,a,24 GiB,4,b
v2,a,24 GiB,4,b
v4,b,32 GiB,4,a
END
check "an exchange without room" \
  fails_with 1 "3 VMs wait for each other's memory and no other host has room" \
  "$migcost" plan "$work/circle.csv"
check "... of which one has to stay" \
  says "host 'b' never has memory for it" "$work/circle.csv" --skip-impossible

check "... VMs that wait for memory are told" says "Waits for memory" "$work/exchange.csv"
check "... until whom has left" grep -Eq '[xy]: [0-9.]+ s, until [xy] has left [ab]' "$work/out"
check "... as JSON" says '"memory_wait_s"' "$work/exchange.csv" --json
# Smallest first, v2 takes the room by which v1 and y change places.
cat >"$work/small-first.csv" <<'END'
vm,host,memory,cpus,to
,a,4 GiB,8,
,b,8 GiB,8,
,c,3 GiB,8,
v1,a,4 GiB,1,b
y,b,4 GiB,1,a
v2,c,3 GiB,1,b
END
check "a customary order that comes to a standstill is not the plan" \
  says "3 VMs move to b, a" "$work/small-first.csv"
check "... nor compared with it" not contains "$work/out" "smallest first"
sed '1s/$/,dirty_pages_per_s/; 2,$s/$/,/; s/^v2\(.*\)/a2\11000/' "$work/small-first.csv" >"$work/no-custom.csv"
check "... where none comes to its end, that is why" \
  says "No common order comes to its end here: VMs would wait" "$work/no-custom.csv"

check "memory on the command line" \
  fails_with 1 "2 VMs wait for each other's memory" \
  "$migcost" plan "$work/exchange.csv" --memory 'a=4 GiB'
check "... of all hosts but one" \
  says "2 VMs move to b, a" "$work/exchange.csv" --memory 4GiB --memory 'a=6 GiB'
check "... of a host that is none" fails_with 2 "--memory: expected HOST=SIZE" \
  "$migcost" plan "$work/exchange.csv" --memory 'z=6 GiB'
check "... without a unit" fails_with 2 "its memory with a unit" \
  "$migcost" plan "$work/exchange.csv" --memory a=6

# Nothing to move: nobody can be, or nobody has to be.
nothing() { # FORMAT TEXT...: of a plan in which nobody can be moved
  plan "$work/hard.csv" --empty a --skip-impossible --format "$1" || return 1
  shift
  for text in "$@"; do contains "$work/out" "$text" || { cat "$work/out"; return 1; }; done
  not grep -E 'hardly|optimum|Optimality|smallest first|inf|nan' "$work/out"
}
sed -i '/^dns/d' "$work/hard.csv"
check "nobody can be moved" nothing text "Empty a: no VM can be moved" \
  "VMs that cannot be moved and stay" "cache, on a: it updates 1.64 GB/s"
check "... as a page" nothing html "no VM can be moved" "cache, on a: it updates 1.64 GB/s"
check "... as JSON" nothing json '"why" : "Nothing is ordered: no VM can be moved."' \
  '"vm" : "cache"' '"others" : []'
check "... as commands" nothing commands "# Empty a: no VM can be moved" \
  "# cache stays on a: it updates 1.64 GB/s"
check "... which do nothing" sh -c "sh '$work/out' && [ -z \"\$(grep -v '^#' '$work/out')\" ]"
check "... and no study" fails_with 1 "-o: no VM moves" \
  "$migcost" plan "$work/hard.csv" --empty a --skip-impossible -o "$work/none.xml"
check "... a host without VMs" says "Empty b: no VM has to move" "$work/hard.csv" --empty b
sed 's/,a$/,b/; s/^x,a\(.*\),b$/x,a\1,a/; s/^y,b\(.*\),a$/y,b\1,b/' "$work/exchange.csv" >"$work/there.csv"
check "... a target state that is there" says "Target state: no VM has to move" "$work/there.csv"

sed '1s/$/,apart/; 2,3s/$/,/; 4,$s/$/,pair/; s/4 GiB/9 GiB/' "$work/exchange.csv" >"$work/apart.csv"
check "VMs that stay apart change places" says "2 VMs move to b, a" "$work/apart.csv"
echo 'z,a,1 GiB,1,b,pair' >>"$work/apart.csv"
check "... and never meet" \
  fails_with 1 "'x' and 'z' are to stay apart, but both are to be on host 'b' in the end" \
  "$migcost" plan "$work/apart.csv"

sed '4,$s/,[ab]$/,/' "$work/exchange.csv" >"$work/places.csv"
check "an exchange on the command line" says "leaving a, b: 2 VMs move to b, a" "$work/places.csv" --move x=b --move y=a
check "... of a VM that is none" fails_with 2 "a VM and a host of the fleet, not 'z=a'" \
  "$migcost" plan "$work/places.csv" --move z=a
check "... and another question" fails_with 2 "it is a question" "$migcost" plan "$work/places.csv" --move x=b --empty b

# Relieve: of a's 16 CPUs 15 are used, and b has room for one of its VMs.
cat >"$work/relieve.csv" <<'END'
vm,host,memory,cpus,cpu,stays
,a,64 GiB,16,,
,b,64 GiB,16,,
v1,a,20 GiB,8,5,
v2,a,20 GiB,8,5,
v3,a,20 GiB,8,5,
there,b,30 GiB,8,1,
END
check "relieve where not all VMs have room, but one has to go" \
  says "Relieve to 12.8 CPUs a: 1 VM moves to b" "$work/relieve.csv" --relieve a --below 80%
check "... where the VMs with room do not suffice" \
  fails_with 1 "host 'a' cannot be relieved to 6.4 CPUs: the VMs that have to stay on it use 10. 'v2'" \
  "$migcost" plan "$work/relieve.csv" --relieve a --below 40%
check "... because of their memory" contains "$work/err" "it has 21.5 GB of memory, and no more than 15.0 GB"
check "... nor is that a plan for the rest" \
  fails_with 1 "have to stay on it use 10. 'v2' cannot be moved: it does not fit" \
  "$migcost" plan "$work/relieve.csv" --relieve a --below 40% --skip-impossible
sed 's/^v[23].*/&x/' "$work/relieve.csv" >"$work/relieve-stays.csv"
check "... because busy ones stay" \
  fails_with 1 "host 'a' cannot be relieved to 8 CPUs: the VMs that have to stay on it use 10" \
  "$migcost" plan "$work/relieve-stays.csv" --relieve a --below 50%
sed 's/^v1.*/&x/' "$work/relieve-stays.csv" >"$work/relieve-none.csv"
check "... because all of them do" \
  fails_with 1 "the VMs that have to stay on it use 15" \
  "$migcost" plan "$work/relieve-none.csv" --relieve a --below 80%
check "... and where few enough CPUs are used" \
  says "Relieve to 15.2 CPUs a: no VM has to move" "$work/relieve-none.csv" --relieve a --below 95%
{ cat "$work/relieve.csv"; echo 'large,a,34 GiB,1,0,'; } >"$work/relieve-large.csv"
check "... a large VM that uses no CPU does not take the room" \
  says "Relieve to 12.8 CPUs a: 1 VM moves to b" "$work/relieve-large.csv" --relieve a --below 80%

# Balance: of a's 8 CPUs 7 are used, of b's 8 one; the fleet uses half.
cat >"$work/uneven.csv" <<'END'
vm,host,memory,cpus,cpu,stays
,a,64 GiB,8,,
,b,64 GiB,8,,
large,a,8 GiB,4,3,
light,a,1 GiB,4,3,
fixed,a,1 GiB,2,1,x
other,b,1 GiB,2,1,
END
check "balance" \
  says "Balance cpu within 10 %; leaving a: 1 VM moves to b" "$work/uneven.csv" --balance cpu
check "... by the smaller of two VMs" grep -q ' light  *a  *b ' "$work/out"
check "... that cannot be reached" \
  fails_with 1 "host 'a' uses 87.5 % of its CPUs, the fleet 50.0 %: no move brings it within 1 %" \
  sh -c "sed 's/^l[a-z]*,.*/&x/' '$work/uneven.csv' >'$work/fixed.csv' &&
    '$migcost' plan '$work/fixed.csv' --balance cpu --within 1%"
check "... that is there already" \
  fails_with 1 "nothing to move: each host's use of its memory is within 20 %" \
  "$migcost" plan "$work/uneven.csv" --balance memory --within 20%
check "... of what is not known" \
  fails_with 2 "expected cpu or memory" "$migcost" plan "$work/uneven.csv" --balance disk
check "... within no share" fails_with 2 "is no share above 0 and below 1" \
  "$migcost" plan "$work/uneven.csv" --balance cpu --within 5
check "... and something else" \
  fails_with 2 "cannot be combined" "$migcost" plan "$work/uneven.csv" --balance cpu --empty a

# Rolling maintenance: each step begins where the one before left the VMs.
cat >"$work/rack.csv" <<'END'
vm,host,memory,cpus
,a,8 GiB,8
,b,8 GiB,8
,c,8 GiB,8
x,a,4 GiB,1
y,b,4 GiB,1
END
titles() { grep -E "^(Empty|Return)" "$work/out" | sed 's/ VMs\{0,1\} moves\{0,1\}.*//'; }
rolls() { # TITLES ARGUMENT...
  want=$1
  shift
  plan "$work/rack.csv" "$@" && [ "$(titles | tr '\n' ';')" = "$want" ] || { cat "$work/out"; false; }
}
check "hosts in turn" rolls "Empty a: 1;Return to a; leaving c: 1;Empty b: 1;Return to b; leaving c: 1;" --rolling a,b
check "... with the sum" contains "$work/out" "All 4 steps: 4 migrations"
check "... and VMs that stay" rolls "Empty a: 1;Empty b: 1;Empty c: 1;" --rolling a --rolling b,c --stay
check "... hosts without VMs need no step" rolls "Empty a: 1;Return to a; leaving c: 1;" --rolling c,a
check "... as JSON" \
  sh -c "[ \$('$migcost' plan '$work/rack.csv' --rolling a,b --json | grep -c '\"order\" : \"plan\"') = 4 ]"
check "... as commands, with pauses" \
  sh -c "[ \$('$migcost' plan '$work/rack.csv' --rolling a,b --format commands | grep -c 'is empty: maintain it') = 2 ]"
check "... an unknown host" fails_with 2 "the fleet has no host 'z'" "$migcost" plan "$work/rack.csv" --rolling a,z
check "... that cannot be emptied" fails_with 1 "emptying host 'a': 'x' cannot be moved" \
  sh -c "sed '/^,c/d; s/^,b,8/,b,5/' '$work/rack.csv' >'$work/full.csv' && '$migcost' plan '$work/full.csv' --rolling a"
check "... and another question" \
  fails_with 2 "cannot be combined" "$migcost" plan "$work/rack.csv" --rolling a --empty b
check "... staying without it" fails_with 2 "--stay needs --rolling" "$migcost" plan "$work/rack.csv" --empty a --stay

# Pictures of plans: a row per migration, of many a row per host, of many hosts a row per rack.
many() { # HOSTS VMS-PER-HOST: every host of the first rack is left for the second
  awk -v hosts="$1" -v vms="$2" 'BEGIN {
    print "vm,host,group,memory,cpus,to,link"; print ",,rack0,,,,10 Gbit/s"
    print ",,rack1,,,,10 Gbit/s"
    for (h = 0; h < 2 * hosts; h++) printf ",h%d,rack%d,64 GiB,16,,\n", h, (h >= hosts)
    for (h = 0; h < hosts; h++)
      for (v = 0; v < vms; v++) printf "v%d-%d,h%d,,1 GiB,1,h%d,\n", h, v, h, h + hosts }'
}
if command -v gnuplot >/dev/null; then
  check "a page shows waits for memory" says "waits for memory" "$work/exchange.csv" --format html
  many 3 15 >"$work/hosts.csv"
  check "... of many migrations a row per host" \
    says "45 migrations. Each row is a host that VMs leave" "$work/hosts.csv" --format html
  check "... with a picture" grep -q 'figure.*svg\|<svg' "$work/out"
  many 50 2 >"$work/racks.csv"
  check "... of many hosts a row per group" \
    says "100 migrations. Each row is a group of hosts that VMs leave" "$work/racks.csv" --format html
else
  skip "pictures of plans" "no gnuplot"
fi

# Commands of others, run here with programs that only say what they were given.
cat >"$work/names.csv" <<'END'
vm,host,memory,cpus,id
,a host,64 GiB,16,
,b;touch evil,64 GiB,16,
"it's $(touch evil) `touch evil`",a host,1 GiB,1,
-rf,a host,2 GiB,1,
"shop/db ""x""",a host,3 GiB,1,
known,a host,4 GiB,1,117
END
mkdir "$work/bin" "$work/there"
for program in virsh openstack kubectl; do
  printf '#!/bin/sh\nprintf "%%s|" %s "$@" >>"$told"; echo >>"$told"\ncat >/dev/null\n' $program \
    >"$work/bin/$program"
done
# as sshd does: one text, for a shell
printf \
  '#!/bin/sh\nshift 3; qm() { printf "%%s|" qm "$@" >>"$told"; echo >>"$told"; }; eval "$*"\n' \
  >"$work/bin/ssh"
chmod +x "$work"/bin/*

commands() { # MANAGER LINE...: what its programs are given
  run "$migcost" plan "$work/names.csv" --empty 'a host' --format commands --for "$1"
  [ "$status" = 0 ] && cp "$work/out" "$work/script" && : >"$work/told" ||
    { cat "$work/err"; return 1; }
  shift
  (cd "$work/there" && told=$work/told PATH=$work/bin:$PATH sh "$work/script" </dev/null) ||
    return 1
  for line in "$@"; do grep -qxF -e "$line" "$work/told" ||
    { cat "$work/script" "$work/told"; return 1; }; done
  [ -z "$(ls "$work/there")" ]
}
# shellcheck disable=SC2016
hostile='it'"'"'s $(touch evil) `touch evil`'
virsh='virsh|-c|qemu+ssh://a host/system|migrate|--live|--persistent|--undefinesource|--domain'
check "commands of virsh" \
  commands virsh "$virsh|$hostile|--desturi|qemu+ssh://b;touch evil/system|" \
  "$virsh|-rf|--desturi|qemu+ssh://b;touch evil/system|" \
    "$virsh|117|--desturi|qemu+ssh://b;touch evil/system|"
openstack='openstack|--os-compute-api-version|2.30|server|migrate|--live-migration|--wait|--host|b;touch evil|--'
check "... of OpenStack's client" commands openstack "$openstack|$hostile|" "$openstack|-rf|"
check "... of Proxmox" commands proxmox "qm|migrate|$hostile|b;touch evil|--online|" \
  "qm|migrate|117|b;touch evil|--online|"
check "... of KubeVirt" commands kubevirt "kubectl|-n|shop|create|-o|name|-f|-|"
check "... as objects" contains "$work/script" '"vmiName":"db \"x\""'
syntax() { # of the commands for each manager, by the shell and by shellcheck where that is installed
  for manager in virsh openstack proxmox kubevirt; do
    "$migcost" plan "$work/names.csv" --empty 'a host' --format commands --for $manager \
      >"$work/$manager.sh" && sh -n "$work/$manager.sh" || return 1
    ! command -v shellcheck >/dev/null ||
      shellcheck -S warning -e SC2034,SC2154 "$work/$manager.sh" || return 1
  done
}
check "... are a shell's" syntax
check "an unknown manager" fails_with 2 "expected virsh, openstack, proxmox or kubevirt" \
  "$migcost" plan "$work/names.csv" --empty 'a host' --format commands --for xen
# As a cluster does: an object's name is one that none has there yet.
cat >"$work/bin/kubectl" <<'END'
#!/bin/sh
[ "$3" = create ] || { [ "$3" = wait ] && [ -e "$objects/${4#*/}" ]; exit; }
object=$(cat)
name=$(printf '%s' "$object" | sed -n 's/.*"name":"\([^"]*\)".*/\1/p')
[ -n "$name" ] || { name=$(mktemp "$objects/migcost-XXXXX") && rm "$name" && name=${name##*/}; }
mkdir "$objects/$name" && echo "virtualmachineinstancemigration.kubevirt.io/$name"
END
all_steps() { # the script of hosts in turn performs as many migrations as are planned
  "$migcost" plan "$work/rack.csv" --rolling a,b --format commands --for kubevirt >"$work/script" &&
    mkdir "$work/objects" &&
    yes '' | objects=$work/objects PATH=$work/bin:$PATH sh "$work/script" 2>"$work/err" &&
    [ "$(ls "$work/objects" | wc -l)" = 4 ] || { cat "$work/err"; ls "$work/objects"; false; }
}
check "a script of several steps gives each migration a name of its own" all_steps
check "a manager of no commands" fails_with 2 "--for needs --format commands" \
  "$migcost" plan "$work/names.csv" --empty 'a host' --for virsh

# One at a time: each waits for the one before; a failure ends it.
printf '%s\n' '#!/bin/sh' 'echo "begin $*" >>"$told"; sleep 0.2; echo "end" >>"$told"' \
  '! grep -c end "$told" | grep -qx "${fail_at:-0}"' \
  >"$work/bin/virsh"
in_turn() { # FAIL-AT
  : >"$work/told"
  (told=$work/told fail_at=$1 PATH=$work/bin:$PATH sh "$work/script" 2>"$work/err")
}
alternate() { awk 'NR % 2 == (/^begin/ ? 0 : 1) { exit 1 } END { exit NR != 8 }' "$work/told"; }
"$migcost" plan "$work/names.csv" --empty 'a host' --format commands >"$work/script"
check "the script of groups" in_turn
check "... one migration after the other" alternate
check "... ends where one fails" not in_turn 2
check "... and begins no more" sh -c "[ \$(grep -c begin '$work/told') = 2 ]"
check "... and says which" contains "$work/err" "migration 2 failed"
"$migcost" plan "$work/exchange.csv" --format commands >"$work/script"
check "an exchange waits" in_turn
check "... for memory" sh -c "[ \$(sed -n 2p '$work/told') = end ]"

finish
