# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# pair.sh: two emulated hosts, each with a hypervisor and libvirtd of its own: the command that the
# kinds (tests/xen/xen-pair, tests/kvm/kvm-pair) share. Sourced by them with their arguments; they set
# here (their folder), kind (a word), kind_name (what people call it), and kind_tls where their hosts
# migrate by TLS, and need nothing else than facts.sh of their folder. See doc/lab.md.
PATH=$PATH:/usr/sbin:/sbin

usage() {
  cat << END
Usage: $kind-pair build [OPTION...]    build and cache the hosts' image and saved states
       $kind-pair up [OPTION...]       start a pair; prints its directory and the URIs of its hosts
       $kind-pair status               the same for each pair that runs
       $kind-pair down [DIR]           stop the pair in DIR, or all of yours
       $kind-pair exec DIR N COMMAND   run a short line in a shell in host N (1 or 2)
       $kind-pair port DIR N PORT      loopback port that leads to a port of host N, if one does

Options of up (and of build: --host-cpus$kind_options):
  --initrd FILE   initramfs of the guests, $GUEST_DIRECTORY/$GUEST_INITRD in both hosts
                  (default: migcost's, guest.cpio.gz)
  --ports P1,P2   loopback ports of the hosts' libvirtd (default: free ones)
  --cpus C1,C2    CPUs of this machine that the hosts run on, or any,any
                  (default: \$MIGCOST_PAIR_CPUS, else 0,1)
  --host-cpus N   CPUs of each host (default: 1, shared by the host and its guests)
  --lan BRIDGE    bridge in this network namespace that joins the hosts' lan0, the guests' network,
                  by taps; needs its root (default: none)
$kind_usage
Status: 0 done, 1 failed, 2 wrong usage, 77 a tool or package cannot be had on this machine.
END
}

say() { echo "$kind-pair: $*" >&2; }
fail() { say "$*"; exit 1; }
misused() { say "$*; see $kind-pair --help"; exit 2; }

kind_options='' kind_usage='' kind_tls=${kind_tls-}
common=$(cd "$here/../pair" && pwd)
. "$here/facts.sh"
. "$common/host.sh"
. "$common/cache.sh"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/migcost/$kind
runtime=${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/migcost-$kind-$(id -u)
cpus=${MIGCOST_PAIR_CPUS-} ports=0,0 initrd='' host_cpus=1 lan=''

require_tools() {
  missing=
  for tool in $NEEDED_TOOLS ${lan:+ip} ${kind_tls:+certtool}; do
    command -v "$tool" > /dev/null || missing="$missing $tool"
  done
  [ -z "$missing" ] && return
  say "not found:$missing; on Debian install: $NEEDED_PACKAGES${lan:+ iproute2}${kind_tls:+ gnutls-bin}"
  exit 77
}

# pair_item LIST N: the N-th of two items separated by a comma
pair_item() {
  [ "$2" = 1 ] && echo "${1%,*}" || echo "${1#*,}"
}

# A core of its own for each host, where there are two.
pair_cpu() {
  [ -n "$cpus" ] || { [ "$(nproc)" -ge 2 ] && cpus=0,1 || cpus=any,any; }
  pair_item "$cpus" "$1"
}

# pair_create: sets pair to a new directory. Whoever has descriptor 9 open, this shell or a host,
# holds its lock.
pair_create() {
  mkdir -p "$runtime"
  chmod 700 "$runtime"
  runtime=$(cd "$runtime" && pwd -P)
  exec 6> "$runtime/lock"
  flock 6
  pairs_clean
  pair=$(mktemp -d "$runtime/pair-XXXXXX")
  exec 9> "$pair/lock"
  flock 9
  exec 6>&-
  trap pair_abandon EXIT
  trap "exit 130" INT TERM
}

# Directories of pairs that nobody holds the lock of are what a crash has left.
pairs_clean() {
  for dir in "$runtime"/pair-*; do
    [ ! -d "$dir" ] || pair_alive "$dir" || rm -rf "$dir"
  done
}

pair_alive() {
  ! flock -n "$1/lock" true
}

pair_dead() {
  ! pair_alive "$1"
}

# What failed half-way leaves a directory to look into, which the next pair_create removes, but no
# hosts.
pair_abandon() {
  for n in 1 2; do host_stop "$pair" $n; done
}

# pair_stop PAIR: ends both hosts and removes the directory
pair_stop() {
  trap - EXIT
  exec 9>&-
  for n in 1 2; do host_stop "$1" $n; done
  wait_until 20 "the hosts of $1 to end" pair_dead "$1"
  rm -rf "$1"
}

# pair_print PAIR
pair_print() {
  printf 'directory %s\nsource %s\ndestination %s\n' "$1" "$(cat "$1/1/uri")" "$(cat "$1/2/uri")"
}

find_initrd() {
  [ -z "$initrd" ] || return 0
  for initrd in "$here/../guest.cpio.gz" "${top_builddir:-.}/workloads/guest.cpio.gz" \
    "$here/../../workloads/guest.cpio.gz"; do
    [ ! -r "$initrd" ] || return 0
  done
  fail "the guests' initramfs, guest.cpio.gz, was not found: run make, or name one with --initrd"
}

# make_certificates: of an authority to throw away, in $pair/pki: for each host, by all that it is reached at,
# and for who reaches them, by the names that libvirt looks for in pkipath. The hosts take theirs from the volume.
make_certificates() {
  "$common/certificates" "$pair/pki" 1=host1,192.168.77.1,127.0.0.1 2=host2,192.168.77.2,127.0.0.1 client=client ||
    fail "the hosts have no certificates"
  for name in cacert clientcert clientkey; do
    mv "$pair/pki/client/$(echo $name | sed 's/cert$\|key$/-&/').pem" "$pair/pki/client/$name.pem"
  done
  mkdir "$pair/guest/pki"
  cp -R "$common/install-certificates" "$pair/pki/1" "$pair/pki/2" "$pair/guest/pki"
}

# make_guest_volume: the kernel and initramfs of the guests, as the hosts see them; the kernel is the
# first host's image's, on both, and with it the modules of their network card
make_guest_volume() {
  mkdir "$pair/guest"
  cp "$(image_of 1)/guest-kernel" "$pair/guest/$GUEST_KERNEL"
  cat "$(image_of 1)/guest-modules.cpio" "$initrd" > "$pair/guest/$GUEST_INITRD" ||
    fail "initramfs '$initrd' cannot be copied"
  [ -z "$kind_tls" ] || make_certificates
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$pair/guest" \
    "$pair/guest.ext4" "${GUEST_VOLUME_MIB}M" > "$pair/mke2fs.log" 2>&1 ||
      fail "$(cat "$pair/mke2fs.log")"
  rm -r "$pair/guest"
}

libvirt_answers() {
  timeout 5 virsh -q -c "$1" list > /dev/null 2>&1
}

parse_options() {
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || misused "option '$1' needs a value"
    case $1 in
      --initrd) initrd=$2 ;;
      --ports) ports=$2 ;;
      --cpus) cpus=$2 ;;
      --host-cpus) host_cpus=$2 ;;
      --lan) lan=$2 ;;
      --suites) [ -n "$kind_options" ] || misused "unknown option '$1'"; suites=$2 ;;
      *) misused "unknown option '$1'" ;;
    esac
    shift 2
  done
}

command_up() {
  find_initrd
  cache_fill
  pair_create
  make_guest_volume
  for n in 1 2; do
    host_start "$pair" $n "$(pair_cpu $n)" "$(pair_item "$ports" $n)" \
      -incoming "exec:cat $n/state/host$n"
  done
  for n in 1 2; do
    # Aside: on the console may also be what the kernel has to say.
    host_resume "$pair" $n >&2
    [ -z "$kind_tls" ] || host_shell "$pair" $n "sh $GUEST_DIRECTORY/pki/install-certificates $n" >&2 ||
      fail "host $n has no certificates: see $pair/$n/console.log"
    echo "$LIBVIRT_TRANSPORT://127.0.0.1:$(host_port "$pair" $n "$LIBVIRT_PORT")/system" > "$pair/$n/uri"
  done
  for n in 1 2; do
    wait_until 180 "libvirt of host $n" libvirt_answers "$(cat "$pair/$n/uri")"
  done
  trap - EXIT
  touch "$pair/up"
  pair_print "$pair"
}

command_status() {
  for dir in "$runtime"/pair-*; do
    [ ! -e "$dir/up" ] || ! pair_alive "$dir" || pair_print "$dir"
  done
}

command_down() {
  if [ $# -gt 0 ]; then
    [ -e "$1/lock" ] || fail "'$1' is not the directory of a pair"
    pair_stop "$(cd "$1" && pwd -P)"
  else
    for dir in "$runtime"/pair-*; do [ ! -e "$dir/lock" ] || pair_stop "$dir"; done
  fi
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
  build) parse_options "$@"; require_tools; cache_fill; image_of 1; echo "$state" ;;
  up) parse_options "$@"; require_tools; command_up ;;
  status) command_status ;;
  down) command_down "$@" ;;
  exec) [ $# -ge 3 ] || misused "exec needs a directory, a host and a command"; host_shell "$@" ;;
  port) [ $# -eq 3 ] || misused "port needs a directory, a host and a port in it"; host_port "$@" ;;
  -h | --help) usage ;;
  *) misused "unknown command '$command'" ;;
esac
