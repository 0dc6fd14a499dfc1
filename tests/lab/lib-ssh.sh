# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the scripts share that reach the hosts of a lab through ssh, besides lib.sh: a daemon of its own for each, on
# loopback, which lets in whoever runs the test, and libvirt's own helper behind it. Sourced.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$top_srcdir/tests/lab/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
for program in sshd ssh ssh-keygen virt-ssh-helper; do
  command -v $program >/dev/null ||
    skip_all "$program is not installed: ./quickstart check installs it"
done
sshd=$(command -v sshd)
me=$(id -un)
! am_root || [ "${MIGCOST_TEST_PRIVATE-}" = yes ] || skip_all "root has no /run of its own here"
case $(getent passwd "$me" | cut -d: -f7) in */nologin | */false) skip_all "$me has no shell to log in with" ;; esac

keys() {
  ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/key"
}

# the user's own list of hosts' keys is left alone
mkdir "$work/path"
printf '#!/bin/sh\nexec %s -o UserKnownHostsFile=%s "$@"\n' "$(command -v ssh)" "$work/known-hosts" >"$work/path/ssh"
chmod 755 "$work/path/ssh"
PATH=$work/path:$PATH

# run_of HOST: the run-time directory of its daemon
run_of() {
  lab_get 1 "uri$1" | sed -n 's/.*socket=\(.*\)\/libvirt\/.*/\1/p'
}

# sshd HOST: where libvirt's helper finds the host's daemon: in XDG_RUNTIME_DIR; root's helper in
# /run, wherever else it may be told to look
sshd() {
  if am_root; then
    exec unshare --mount sh -c 'mount --bind "$1/libvirt" /run/libvirt && exec "$2" -D -e -f "$3"' \
      sh \
      "$(run_of "$1")" "$sshd" "$work/sshd$1"
  fi
  exec "$sshd" -D -e -f "$work/sshd$1"
}

# sshd_start HOST: at the first port that is free
sshd_start() {
  ! am_root || mkdir -p /run/sshd /run/libvirt
  for port in $(seq 42220 "$((1 + $1))" 42290); do
    cat >"$work/sshd$1" <<EOF
ListenAddress 127.0.0.1
Port $port
HostKey $work/host
AuthorizedKeysFile $work/key.pub
AllowUsers $me
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PidFile none
SetEnv XDG_RUNTIME_DIR=$(run_of "$1")
EOF
    sshd "$1" 2>"$work/sshd$1.log" 3>&- 4>&- &
    pid=$!
    eval "sshd_$1=$pid port_$1=$port"
    until grep -q 'Server listening' "$work/sshd$1.log"; do kill -0 "$pid" 2>/dev/null ||
      break; sleep 0.1; done
    kill -0 "$pid" 2>/dev/null && return
  done
  cat "$work/sshd$1.log"
  return 1
}

sshd_end() {
  for host in 0 1; do
    eval "pid=\${sshd_$host-}"
    [ -z "$pid" ] || kill "$pid"
  done
}
trap 'sshd_end; tear_down' EXIT

uri_of() { # HOST
  eval "port=\$port_$1"
  echo "qemu+ssh://$me@127.0.0.1:$port/session?keyfile=$work/key&no_verify=1&no_tty=1"
}

xml() { printf '%s' "$1" | sed 's/&/\&amp;/g'; }
