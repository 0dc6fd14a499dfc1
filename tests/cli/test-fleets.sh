#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# migcost plan: fleet files as spreadsheets and other tools write them.
. "$top_srcdir/tests/tap.sh"

tools=$top_srcdir/tests/data/fleets
same=$work/same.json
usual='vm,host,memory,cpus,cpu,link
,a,64 GiB,16,,10 Gbit/s
,b,64 GiB,16,,10 Gbit/s
web,a,4 GiB,2,1.5,
db,a,8 GiB,4,2,
'

file() { # NAME FORMAT: written with printf's escapes
  # shellcheck disable=SC2059
  printf "$2" >"$work/$1"
}

plan_of() { # FILE ARGUMENT...: JSON of its plan
  run "$migcost" plan "$@" --empty a --json
  [ "$status" = 0 ] || { cat "$work/err"; false; }
}

same_plan() { # WHAT-IS-RECOGNISED FILE ARGUMENT...: as of the usual file
  want=$1
  shift
  plan_of "$@" && cmp "$work/out" "$same" && { [ -z "$want" ] || contains "$work/err" "$want"; }
}

refuses() { # MESSAGE FILE ARGUMENT...
  want=$1
  shift
  fails_with 1 "$want" "$migcost" plan "$@" --empty a
}

time_of() { # FILE ARGUMENT...: seconds of the whole plan
  plan_of "$@" && sed -n '/"plan"/,$ { /"time_s"/ { n; s/.*: *\([0-9]*\).*/\1/p; q } }' "$work/out"
}

copies_disks() { # FILE
  run "$migcost" plan "$1" --empty a --copy-storage all
  grep -q 'disks, s' "$work/out" || { cat "$work/out" "$work/err"; false; }
}

commands_copy() { # MANAGER PATTERN STORAGE
  run "$migcost" plan "$work/disks.csv" --empty a --format commands --for "$1" --copy-storage "$3"
  grep -q -e "$2" "$work/out" || { cat "$work/out" "$work/err"; false; }
}

tells_disk() { # TOOL SAMPLE HOST BYTES: that a migration out of it copies, their first digits
  run "$migcost" plan --read-as "$1" "$tools/$2" --empty "$3" --copy-storage all --json
  contains "$work/out" "\"disk_bytes\" : $4"
}

warns() { # TEXT FILE ARGUMENT...
  text=$1
  shift
  run "$migcost" plan "$@" --copy-storage all
  [ "$status" = 0 ] && contains "$work/err" "$text"
}

says_why() { # TEXT FILE ARGUMENT...
  text=$1
  shift
  run "$migcost" plan "$@" --copy-storage all
  contains "$work/out" "$text"
}

reads() { # TOOL SAMPLE HOST TEXT...: each TEXT is in the plan that empties it
  tool=$1 sample=$2
  shift 2
  reads_file "$tool" "$tools/$sample" "$@"
}

reads_file() { # TOOL PATH HOST TEXT...
  run "$migcost" plan --read-as "$1" "$2" --empty "$3"
  [ "$status" = 0 ] || { cat "$work/err"; return 1; }
  shift 3
  for text in "$@"; do contains "$work/out" "$text" || { cat "$work/out"; return 1; }; done
}

printf '%s' "$usual" >"$work/usual.csv"
plan_of "$work/usual.csv" && cp "$work/out" "$same"

printf '%s' "$usual" | sed 's/1\.5/1,5/; ' | tr ';' '.' | awk -F, '
  /^web/ { print "web;a;4 GiB;2;1,5;"; next } { gsub(/,/, ";"); print }' >"$work/semicolons.csv"
check "semicolons and decimal commas" \
  same_plan "separated by semicolons; decimal commas" "$work/semicolons.csv"
printf '%s' "$usual" | tr , '\t' >"$work/tabs.csv"
check "tabs" same_plan "separated by tabs" "$work/tabs.csv"
{ echo 'sep=;'; cat "$work/semicolons.csv"; } >"$work/sep.csv"
check "a first line sep=;" same_plan "semicolons" "$work/sep.csv"
printf '%s' "$usual" | iconv -t UTF-16 >"$work/utf-16.csv"
check "UTF-16 with a mark" same_plan "UTF-16LE" "$work/utf-16.csv"
printf '%s' "$usual" | iconv -t UTF-16BE >"$work/utf-16be.csv"
check "UTF-16 without one" same_plan "UTF-16BE" "$work/utf-16be.csv"
{ printf '\357\273\277'; printf '%s' "$usual" | tr '\n' '\r'; } >"$work/mac.csv"
check "a mark, and carriage returns alone" same_plan "" "$work/mac.csv"
printf '%s' "$usual" | sed 's/[^,]*/"&"/g; s/$/\r/' | head -c -2 >"$work/quoted.csv"
check "everything quoted, CR LF, no last line break" same_plan "" "$work/quoted.csv"
printf '%s' "$usual" | sed '1s/.*/VM,Host,Memory, CPUs ,CPU,Link/' >"$work/capitals.csv"
check "capitals and blanks in the names" same_plan "" "$work/capitals.csv"
{ echo '# from the inventory, "nightly"'; printf '%s' "$usual" |
  sed 's/$/,,/'; echo ',,,,,,,'; echo; } >"$work/empty.csv"
check "a comment, empty columns and rows" same_plan "" "$work/empty.csv"
printf '%s' "$usual" | sed 's/ GiB/\xc2\xa0GiB/; s/ Gbit/\xe2\x80\xafGbit/' >"$work/nbsp.csv"
check "blanks that do not break before the unit" same_plan "" "$work/nbsp.csv"
printf '%s' "$usual" | sed '1s/.*/vm,host,memory_gib,cpus,cpu,link_gbps/; s/ GiB//; s/ Gbit.s//' \
  >"$work/suffix.csv"
check "units in the columns' names" same_plan "memory in GiB; link in Gbit/s" "$work/suffix.csv"
printf '%s' "$usual" | sed 's/ GiB//' >"$work/bare.csv"
check "a unit of the command line" same_plan "memory in GiB" "$work/bare.csv" --unit memory=GiB
printf '%s' "$usual" | sed '1s/cpu,/cpu_share,/; s/,1.5,/,75%,/; s/,4,2,/,4,0.5,/' \
  >"$work/share.csv"
check "shares of a VM's CPUs" same_plan "" "$work/share.csv"
printf '%s' "$usual" | sed \
  's/ 4 GiB/4,096 MiB/; s/web,a,4 GiB/web,a,"4,096 MiB"/; s/db,a,8 GiB/db,a,"8,192.0 MiB"/' \
  >"$work/thousands.csv"
check "commas between thousands" same_plan "commas between thousands" "$work/thousands.csv"
printf '%s' "$usual" | sed 's/^db.*/&\n/; s/,10 Gbit/,10 Gbit/; 2s/16,,/16,n\/a,/' \
  >"$work/unknown.csv"
check "what is not known" same_plan "" "$work/unknown.csv"

# --- disks that are copied

file disks.csv 'vm,host,memory,cpus,link,local_disk\n,a,64 GiB,16,1 Gbit/s,\n,b,64 GiB,16,1 Gbit/s,
web,a,4 GiB,2,,12.5 GB\ndb,a,8 GiB,4,,\n'
without=$(time_of "$work/disks.csv")
check "disks that hosts share take no time" test -n "$without"
check "disks that are copied take what the link lets them take" \
  test "$(time_of "$work/disks.csv" --copy-storage all)" = "$((without + 100))"
check "... or the limit of bandwidth" \
  test "$(time_of "$work/disks.csv" --copy-storage all --bandwidth '10 MiB/s' | cut -c 1-4)" = 2421
check "... each migration tells its part" grep -q '"disk_bytes" : 12500000000' "$work/out"
check "... in the table, too" copies_disks "$work/disks.csv"
check "... commands copy them" commands_copy virsh "migrate --live .* --copy-storage-inc --domain .web" inc
check "... those of Proxmox, too" commands_copy proxmox "--online --with-local-disks" all
file rates.csv 'vm,host,memory,cpus,cpu,link,local_disk\n,a,64 GiB,1,,10 Gbit/s,\n,b,64 GiB,64,,10 Gbit/s,
idle,a,1 GiB,1,0,,50 GB\nbusy,a,1 GiB,4,4,,1 GB\n'
check "... rates are of all that is sent" \
  says_why "at 497.8 MB/s instead of 166.4 MB/s" "$work/rates.csv" --empty a
check "where the fleet has none, that is said" warns "no VM of the fleet has a local disk" \
  "$work/usual.csv" --empty a
check "a study cannot have them" fails_with 2 "the disks of a study's guests are empty" \
  "$migcost" plan "$work/disks.csv" --empty a --copy-storage all -o "$work/disks.xml"
check "options that only an execution has need one" \
  fails_with 2 "--tls, --timeout and --unsafe need --execute" "$migcost" plan "$work/disks.csv" --empty a --tls

check "a bare number: the likely unit is named" \
  refuses "bare.csv:2: column 'memory': '64' has no unit; GiB are likely" "$work/bare.csv"
file kib.csv 'vm,host,memory,cpus\n,a,131899340,32\n,b,131899340,32\nmail,a,8388608,4\n'
check "... KiB" \
  refuses "KiB are likely: write '131899340 KiB', call the column memory_kib" "$work/kib.csv"
file mib.csv 'vm,host,memory,cpus\n,a,196608,32\n,b,196608,32\nmail,a,8192,4\n'
check "... MiB" refuses "--unit memory=MiB" "$work/mib.csv"
file bytes.csv 'vm,host,memory,cpus\n,a,137438953472,32\n,b,137438953472,32\nmail,a,4294967296,4\n'
check "... bytes" refuses "bytes are likely" "$work/bytes.csv"
file link.csv 'vm,host,memory,cpus,link\n,a,64 GiB,16,10\n,b,64 GiB,16,10\nx,a,1 GiB,1,\n'
check "... of a link" refuses "link.csv:2: column 'link': '10' has no unit" "$work/link.csv"
file fraction.csv 'vm,host,memory_gib,cpus,cpu,vmid\n,a,64,32,,\n,b,64,32,,\nx,a,16,8,0.62,101\n'
check "shares that are taken for CPUs nowhere" \
  refuses "shares of each VM's CPUs are likely" "$work/fraction.csv"
check "... are what is said" plan_of "$work/fraction.csv" --unit cpu=share
file percent.csv 'vm,host,memory,cpus,cpu\n,a,64 GiB,32,\n,b,64 GiB,32,\nx,a,16 GiB,8,50%%\n'
check "a percentage of what is not said" \
  refuses "percent.csv:4: column 'cpu': '50%' may be" "$work/percent.csv"
file unclear.csv 'vm;host;memory;cpus\n;a;64 GiB;16\n;b;64 GiB;16\nx;a;1,536 GiB;1\n'
check "a comma that may be either" \
  refuses "unclear.csv:4: '1,536 GiB' may have decimals or thousands" "$work/unclear.csv"
file both.csv 'vm;host;memory;cpus\n;a;1,5 GiB;16\n;b;64 GiB;16\nx;a;1,536,000 KiB;1\n'
check "commas of both kinds" \
  refuses "both.csv:4: the comma separates thousands here and decimals in line 2" "$work/both.csv"
file none.csv 'web,a,4 GiB,2\ndb,a,8 GiB,2\n'
check "no column names" \
  refuses "none.csv:1: no column names were found in 'web,a,4 GiB,2'" "$work/none.csv"
file latin.csv 'vm,host,memory,cpus\n,a,64 GiB,16\ncaf\351,a,1 GiB,1\n'
check "other encodings" \
  refuses "latin.csv:3: byte 0xe9 is not UTF-8; save the file as UTF-8" "$work/latin.csv"
file hash.csv 'vm,host,memory,cpus\n,a,64 GiB,16\n,b,64 GiB,16\n#web,a,1 GiB,1\n'
check "a name that may be a comment" refuses "hash.csv:4: begins with #" "$work/hash.csv"
file short.csv 'vm,host,memory,cpus\n,a,64 GiB,16\n,b,64 GiB\n'
check "a row that is too short" \
  refuses "short.csv:3: 3 cells where the first line has 4 columns" "$work/short.csv"
file long.csv 'vm,host,memory,cpus\n,a,64 GiB,16,x\n'
check "a cell without a column" refuses "long.csv:2: cell 5 holds 'x'" "$work/long.csv"
file error.csv 'vm,host,memory,cpus\n\n,a,64 GiB,16\n,,,\n,b,64 GiB,16\nx,a,much,1\n'
check "errors name the line, behind empty rows too" \
  refuses "error.csv:6: VM 'x': column 'memory': 'much'" "$work/error.csv"
check "a unit that is none" fails_with 2 "--unit: 'memory=parsec'" \
  "$migcost" plan "$work/usual.csv" --empty a --unit memory=parsec
check "a tool that is none" \
  fails_with 2 "unknown format 'excel'" "$migcost" plan "$work/usual.csv" --read-as excel

says_of_nodes() { # TEXT ARGUMENT...
  want=$1
  shift
  run "$migcost" plan --read-as kubevirt "$work/cordoned.json" --empty node-1 "$@"
  contains_words "$work/out" "$want" || { cat "$work/err"; false; }
}

# What other tools print: tests/data/fleets holds small samples of their shapes, made for this.
check "OpenStack's lists as CSV" \
  reads nova nova.csv cmp-011.cloud.example "Empty cmp-011.cloud.example: 2 VMs" "shop-1" "1 VM does not run" \
  "1 Gbit/s is assumed"
check "... as JSON" reads nova nova.json cmp-011 "Empty cmp-011: 2 VMs" "1 VM does not run"
check "... local disks are those of flavors" tells_disk nova nova.json cmp-011 858993459
check "... unless servers are booted from volumes" warns "no VM of the fleet has a local disk" \
  --read-as nova "$tools/nova.csv" --empty cmp-011.cloud.example
sed 's/"192.0.2.12","up"/"192.0.2.12","down"/' "$tools/nova.csv" >"$work/down.csv"
check "... a hypervisor that is down" \
  fails_with 1 "no destination" \
  "$migcost" plan --read-as nova "$work/down.csv" --empty cmp-011.cloud.example
sed 's/"cmp-011.cloud.example","{}","UP"$/"None","{}",""/' "$tools/nova.csv" >"$work/others.csv"
check "... to others than administrators" fails_with 1 "list them with --long, as an administrator" \
  "$migcost" plan --read-as nova "$work/others.csv" --empty cmp-011
sed 's/"192.0.2.11","up"/"192.0.2.11","down"/; s/"m1.medium","nova","cmp-011/"m1.medium","nova","cmp-012/' \
  "$tools/nova.csv" >"$work/source-down.csv"
echo '"3","cmp-013.cloud.example","QEMU","192.0.2.13","up",0,48,0,196608' |
  sed -i '3r /dev/stdin' "$work/source-down.csv"
check "... VMs of one that is down go nowhere, and none goes there" \
  reads_file nova "$work/source-down.csv" cmp-012.cloud.example "1 VM moves to cmp-013" \
  "host 'cmp-011.cloud.example' is down: it and its VMs are left"
check "... a flavor that is missing" fails_with 1 "the memory of VM 'shop-1' is not in the file" \
  "$migcost" plan --read-as nova "$tools/nova-no-flavor.csv" --empty cmp-011
check "virsh" reads virsh virsh.txt hv1 "Empty hv1: 2 VMs" "1 VM does not run"
check "Proxmox" \
  reads proxmox proxmox.json pve1 "Empty pve1: 2 VMs move to pve2," "1 VM does not run" \
  "1 container cannot" "host 'pve3' is offline: it and its VMs are left out"
check "... first disks are local" tells_disk proxmox proxmox.json pve1 343597384
check "KubeVirt" \
  reads kubevirt kubevirt.json node-1 "Empty node-1: 1 VM" \
  "'shop/pinned' is not live-migratable (DisksNotLiveMigratable)"
sed 's/"name":"node-2"},/&"spec":{"unschedulable":true},/' "$tools/kubevirt.json" >"$work/cordoned.json"
check "... a node that is cordoned" fails_with 1 "all other hosts are cordoned; --to takes one all the same" \
  "$migcost" plan --read-as kubevirt "$work/cordoned.json" --empty node-1
check "... unless it is named" says_of_nodes "1 VM moves to node-2" --to node-2
check "... which is said" says_of_nodes "host 'node-2' is cordoned: no VM goes there" --to node-2
node() { # NAME MEMBERS: one more in the list
  printf ',{"apiVersion":"v1","kind":"Node","metadata":{"name":"%s"},%s}\n]}\n' "$1" "$2"
}
{ sed '$d' "$work/cordoned.json"; node node-3 '"status":{"capacity":{"cpu":"1","memory":"64Gi"}}'; } \
  >"$work/three.json" && mv "$work/three.json" "$work/cordoned.json"
check "... another one takes its place, however small" says_of_nodes "shop/web node-1 node-3 "
{ sed '$d; s/"spec":{"unschedulable":true},//' "$work/cordoned.json"
  node node-4 '"status":{"capacity":{"cpu":"64","memory":"512Gi"},
    "conditions":[{"type":"DiskPressure","status":"False"},{"type":"Ready","status":"Unknown"}]}'; } \
  >"$work/unready.json" && mv "$work/unready.json" "$work/cordoned.json"
check "... none goes to a node that is not ready" says_of_nodes "shop/web node-1 node-2 "
check "... which is said" says_of_nodes "host 'node-4' is not ready: it and its VMs are left out"
check "RVTools" \
  reads rvtools rvtools.csv esx-07.example "Empty esx-07.example: 2 VMs" "1 template is left out" \
  "host 'esx-09.example' is in maintenance mode: no VM goes there" "2 VMs move to esx-08.example, at most"
check "... that is read as a fleet file" \
  fails_with 1 "rvtools.csv:1: this is a list of RVTools; read it with --read-as rvtools" \
  "$migcost" plan "$tools/rvtools.csv" --empty esx-07.example
file nameless-node.json '[{"type":"node"}]'
file nameless-offline.json '[{"type":"node","status":"offline"}]'
file nameless-guest.json '[{"type":"qemu","status":"running","node":"a","maxmem":1073741824}]'
file nameless-kubevirt.json '{"kind":"Node"}'
for sample in node offline guest kubevirt; do
  tool=proxmox where=pvesh
  [ $sample != kubevirt ] || tool=kubevirt where=kubectl
  check "a $tool list with something without a name: $sample" \
    fails_with 1 " has no name; expected '" "$migcost" plan --read-as $tool "$work/nameless-$sample.json" --empty a
  check "... which command has it" contains "$work/err" "as in '$where "
done
check "what a tool did not print" fails_with 1 "not valid JSON" \
  "$migcost" plan --read-as proxmox "$work/usual.csv" --empty a

# Names are data.
cat >"$work/names.csv" <<'END'
vm,host,memory,cpus
,"alpha"" uri=""x",64 GiB,16
,b & c,64 GiB,16
100,"alpha"" uri=""x",1 GiB,1
"web ""blue"", <eu>","alpha"" uri=""x",1 GiB,1
a-name-that-is-longer-than-a-study-allows,"alpha"" uri=""x",1 GiB,1
100,b & c,1 GiB,1
END
sed -i '$d' "$work/names.csv"
named() {
  "$migcost" plan "$work/names.csv" --empty 'alpha" uri="x' -o "$work/names.xml" >"$work/out" &&
    contains "$work/names.xml" 'name="vm-100"' && contains "$work/names.xml" 'stands-for="100"' &&
    contains "$work/names.xml" 'stands-for="web &quot;blue&quot;, &lt;eu&gt;"' &&
    contains "$work/names.xml" 'stands-for="b &amp; c"' && not grep '" uri="' "$work/names.xml" &&
    "$migcost" run "$work/names.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}
check "names of any kind in a study" named
printf 'vm,host,memory,cpus\n,a,64 GiB,16\n,b,64 GiB,16\n"line\nbreak",a,1 GiB,1\n\342\200\256evil,a,1 GiB,1\n' \
  >"$work/unseen.csv"
unseen() {
  "$migcost" plan "$work/unseen.csv" --empty a -o "$work/unseen.xml" >"$work/out" &&
    contains "$work/out" 'line?break' && contains "$work/out" '?evil' &&
    contains "$work/unseen.xml" 'stands-for="line break"' &&
    "$migcost" plan "$work/unseen.csv" --empty a --json | grep -qF '"vm" : "line\nbreak"' &&
    not grep "$(printf '\342\200\256')" "$work/out"
}
check "... that cannot be seen" unseen
finish
