# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# lib-ssh.sh: the hosts of the emulated KVM pair by ssh, called alpha and beta. Sourced, after lib-pair.sh.

# ssh_to_hosts: where they are; the wrappers make every ssh and scp read it, also libvirt's. Sets
# directory, that of the pair.
ssh_to_hosts() {
  directory=$(sed -n 's/^directory //p' "$work/pair")
  mkdir "$work/wrapped"
  for host in alpha beta; do
    [ $host = alpha ] && n=1 || n=2
    cp "$(readlink "$directory/$n/image")/id" "$work/key-$host" && chmod 600 "$work/key-$host" ||
      return 1
    printf 'Host %s\n  HostName 127.0.0.1\n  Port %s\n  IdentityFile %s\n' $host \
      "$("$emulated_pair" port "$directory" $n 22)" "$work/key-$host"
  done >"$work/ssh_config"
  printf 'Host *\n  IdentitiesOnly yes\n  BatchMode yes\n  LogLevel ERROR\n' >>"$work/ssh_config"
  printf '  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n' >>"$work/ssh_config"
  for program in ssh scp; do
    printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v $program)" "$work/ssh_config" \
      >"$work/wrapped/$program"
  done
  chmod +x "$work/wrapped/ssh" "$work/wrapped/scp"
  PATH=$work/wrapped:$PATH
}

both() { # COMMAND...: as root on each
  for host in alpha beta; do ssh root@$host "$@" </dev/null || return 1; done
}
