# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# host.sh: one emulated host. Sourced by pair.sh; needs facts.sh, and lan: the bridge of this machine
# that joins the guests' networks of both hosts, or nothing.
# A pair is a directory, and the working directory of its two QEMU processes: guest.ext4, link (the
# socket between the hosts), lock (held by both for as long as they live), 1/ and 2/ with image and
# state (links to what cache.sh made), qemu.log, pid, console.log and console.in (the host's serial
# console), monitor.log and monitor.in (QMP).

# wait_until SECONDS WHAT COMMAND...: until COMMAND succeeds
wait_until() {
  wait_end=$(($(date +%s) + $1)) wait_what=$2
  shift 2
  until "$@"; do
    [ "$(date +%s)" -le "$wait_end" ] || { say "gave up waiting for $wait_what"; return 1; }
    sleep 0.05
  done
}

# host_forwards PORT: QEMU's options for loopback ports that lead to those of the host: PORT (0: any
# free one) to libvirtd's, free ones to the others
host_forwards() {
  forward_from=$1
  for forward_to in $LIBVIRT_PORT $OTHER_PORTS; do
    printf ',hostfwd=tcp:127.0.0.1:%s-%s:%s' "$forward_from" "$HOST_ADDRESS" "$forward_to"
    forward_from=0
  done
}

# host_lan N: QEMU's option for what is behind the host's card on the guests' network: a tap, which
# goes with QEMU; without $lan nothing. Offloads would be another card than that of a saved state.
host_lan() {
  if [ -n "$lan" ]; then
    echo "tap,id=lan,ifname=$lan-$1,script=no,downscript=no,vnet_hdr=off"
  else
    echo hubport,id=lan,hubid=0
  fi
}

# host_start PAIR N CPU PORT [QEMU-OPTION...]: starts QEMU in the background, with $host_cpus CPUs.
# CPU: the outer machine's CPU for all of this host's threads, or "any". PORT: loopback port for
# libvirtd, 0: any free one. Descriptor 9, the lock of the pair, stays open in QEMU; other locks
# must not. 7 and 8 keep the FIFOs open, so that QEMU neither waits for a writer nor sees their end.
# What it boots, and on which CPU model, says host_boot of facts.sh.
host_start() (
  cd "$1"
  pair=$1 n=$2 cpu=$3 port=$4
  shift 4
  mkdir "$n"
  ln -s "$(image_of "$n")" "$n/image"
  ln -s "$state" "$n/state"
  mkfifo "$n/console.in" "$n/monitor.in"
  place="taskset -c $cpu" server=on
  [ "$cpu" != any ] || place=
  [ "$n" = 1 ] || server=off
  host_boot "$n" setsid $place qemu-system-x86_64 -name "$kind-host$n" -machine pc \
    -smp "$host_cpus" -m "$HOST_MEMORY_MIB" \
    -nodefaults -display none -no-reboot -pidfile "$n/pid" \
    -drive "file=$n/image/root.ext4,format=raw,if=none,id=root,readonly=on" \
    -device virtio-blk-pci,drive=root \
    -drive file=guest.ext4,format=raw,if=none,id=guest,readonly=on \
    -device virtio-blk-pci,drive=guest \
    -netdev "user,id=outer$(host_forwards "$port")" \
    -device "virtio-net-pci,netdev=outer,mac=52:54:00:77:00:0$n,romfile=" \
    -netdev "stream,id=link,server=$server,addr.type=unix,addr.path=link" \
    -device "virtio-net-pci,netdev=link,mac=52:54:00:77:01:0$n,romfile=" \
    -netdev "$(host_lan "$n")" \
    -device "virtio-net-pci,netdev=lan,mac=52:54:00:77:02:0$n,romfile=" \
    -chardev "file,id=console,path=$n/console.log,input-path=$n/console.in" \
    -serial chardev:console \
    -chardev "file,id=monitor,path=$n/monitor.log,input-path=$n/monitor.in" \
    -mon chardev=monitor,mode=control "$@" \
    5>&- 6>&- 7<> "$n/console.in" 8<> "$n/monitor.in" > "$n/qemu.log" 2>&1 < /dev/null &
  wait_until 30 "QEMU of host $n: see $pair/$n/qemu.log" test -s "$n/pid" -a -S link
  host_ask "$pair" "$n" qmp_capabilities > /dev/null
  # After QEMU has answered: its number and its sockets can be there before its taps.
  [ -z "$lan" ] || ip link set "$lan-$n" up master "$lan"
)

# host_ask PAIR N COMMAND [ARGUMENTS]: prints QEMU's answer to a QMP command, one line of JSON.
# The FIFO is opened for reading too: that never blocks, even if QEMU is gone.
host_ask() {
  ask_id=$(date +%s%N)
  printf '{"execute": "%s", "id": "%s"%s}\n' "$3" "$ask_id" "${4:+, \"arguments\": $4}" \
    1<> "$1/$2/monitor.in"
  wait_until 30 "QEMU's answer to $3: see $1/$2" grep -qs "\"$ask_id\"" "$1/$2/monitor.log"
  grep "\"$ask_id\"" "$1/$2/monitor.log"
}

# host_answers PAIR N COMMAND TEXT: does the answer hold TEXT?
host_answers() {
  host_ask "$1" "$2" "$3" | grep -q "$4"
}

# host_running PAIR N: is its QEMU alive? (Its working directory tells it from a later process of
# the same number.)
host_running() {
  [ "$(readlink "/proc/$(cat "$1/$2/pid" 2> /dev/null)/cwd")" = "$1" ]
}

# host_port PAIR N PORT: the loopback port that leads to this port of the host
host_port() {
  host_ask "$1" "$2" human-monitor-command '{"command-line": "info usernet"}' | sed 's/\\r\\n/\n/g' |
    sed -n "s/.*HOST_FORWARD\] *[0-9]* *127\.0\.0\.1 *\([0-9]*\) *[0-9.]* *$3 .*/\1/p"
}

# host_shell PAIR N COMMAND: has the host's console run a line of less than 90 characters (Xen's
# input buffer has 128), prints what it prints; status as the command's
host_shell() {
  shell_end=END$(date +%s%N)
  shell_from=$(($(wc -c < "$1/$2/console.log") + 1))
  printf '%s; echo %s $?\n' "$3" "$shell_end" 1<> "$1/$2/console.in"
  wait_until 180 "the console of host $2: see $1/$2/console.log" \
    grep -q "^$shell_end [0-9]" "$1/$2/console.log" || return 1
  shell_said=$(tail -c "+$shell_from" "$1/$2/console.log" | tr -d '\r')
  printf '%s\n' "$shell_said" | sed "/^$shell_end /,\$d"
  return "$(printf '%s\n' "$shell_said" | sed -n "s/^$shell_end //p")"
}

# host_booted PAIR N: has the host said that libvirt answers? Ends waiting at once if it never will.
host_booted() {
  grep -q '^HOST READY' "$1/$2/console.log" && return
  ! grep -E 'HOST FAILED|Kernel panic|^\(XEN\) Panic' "$1/$2/console.log" >&2 &&
    host_running "$1" "$2" ||
    { say "host $2 does not boot: see $1/$2/console.log"; exit 1; }
  return 1
}

# host_save PAIR N FILE: stops the host and writes its state. Stopped first: QEMU before 9.0 loses
# pages of a host that runs under software emulation while it is saved.
host_save() {
  host_ask "$1" "$2" stop > /dev/null
  host_ask "$1" "$2" migrate-set-parameters '{"max-bandwidth": 10000000000}' > /dev/null
  host_ask "$1" "$2" migrate "{\"uri\": \"exec:cat > '$3'\"}" > /dev/null
  wait_until 180 "host $2 to be saved" host_answers "$1" "$2" query-migrate '"status": "completed"'
}

# host_resume PAIR N: waits until the saved state is loaded, sets the host going, and wakes it
host_resume() {
  wait_until 180 "host $2 to load its state" host_answers "$1" "$2" query-status \
    '"status": "paused"'
  host_ask "$1" "$2" cont > /dev/null
  host_shell "$1" "$2" "host-wake $(date +%s.%N) $GUEST_DIRECTORY" ||
    { say "host $2 cannot mount its guests' volume: see $1/$2/console.log"; return 1; }
}

# host_stop PAIR N
host_stop() {
  host_running "$1" "$2" || return 0
  kill "$(cat "$1/$2/pid")"
}
