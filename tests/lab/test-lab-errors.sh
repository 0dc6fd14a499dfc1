#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What keeps a lab from coming up is said in one line, with what to do, and nothing is left.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# refused TEXT OPTION...: no lab comes up, and the error has this text
refused() {
  text=$1
  shift
  if lab_up 1 "$@"; then
    lab_end 1
    return 1
  fi >/dev/null
  lab_end 1
  contains "$work/1.out" "$text" && [ "$(grep -c ^error= "$work/1.out")" = 1 ]
}

nothing_left() {
  [ "$before" = "$(lab_tool status)" ] || { lab_tool status; false; }
}

fake_program() { # NAME: from standard input
  mkdir -p "$work/fake"
  cat >"$work/fake/$1"
  chmod 755 "$work/fake" "$work/fake/$1"
}

as_user || as_self
before=$(lab_tool status)

check "a CPU that does not exist" \
  refused "CPU 1000, asked for host 0 of the lab, does not exist" cpu=1000
check "a CPU number out of range" refused "CPU 100000, asked for" cpu=100000
check "an emulator that does not exist" refused "'/nonexistent/qemu' cannot be run" \
  emulator=/nonexistent/qemu
check "nothing is left" nothing_left

saved=$MIGCOST_KERNEL
MIGCOST_KERNEL=/nonexistent/vmlinuz
check "a kernel that does not exist" refused "cannot read the guest kernel '/nonexistent/vmlinuz'"
MIGCOST_KERNEL=
HOME=/nonexistent XDG_CACHE_HOME=/nonexistent
export HOME
if [ -r /boot ] && ls /boot/vmlinuz-* >/dev/null 2>&1; then
  skip "no kernel at all" "/boot has one"
else
  check "no kernel at all" refused "run ./quickstart"
fi
XDG_CACHE_HOME=$work/cache
MIGCOST_KERNEL=$saved

saved=$MIGCOST_LIBEXECDIR
mkdir "$work/empty"
MIGCOST_LIBEXECDIR=$work/empty
if [ -e "${libexecdir_installed:-/usr/local/libexec/migcost}/migcost-lab" ]; then
  skip "no helper program" "migcost is installed"
else
  check "no helper program" refused "'migcost-lab', a part of migcost, is missing"
fi
MIGCOST_LIBEXECDIR=$saved

# a daemon that ends at once is noticed at once, and its last words are passed on
fake_program virtqemud <<'SH'
#!/bin/sh
echo "first line" >&2
echo "no hypervisor today" >&2
exit 7
SH
path=$PATH
PATH=$work/fake:$PATH
check "a daemon that ends" refused "ended at once (exit status 7): first line;no hypervisor today"
check "the same on loopback" refused "no hypervisor today" loopback
PATH=$path
check "nothing is left" nothing_left

# an ordinary user whose base directory somebody else has planted
if [ -n "$as" ] && [ "${MIGCOST_TEST_PRIVATE-}" = yes ]; then
  base=/run/user/migcost
  ln -s "$work/empty" "$base"
  check "a symbolic link in place of the base directory" \
    refused "is not a directory that only this user"
  rm "$base"
  mkdir "$base"
  check "somebody else's base directory" refused "is not a directory that only this user"
  rmdir "$base"
else
  skip "a planted directory" "not root: cannot be somebody else"
fi

# root without the right to make namespaces
if am_root && command -v setpriv >/dev/null; then
  as="setpriv --inh-caps=-sys_admin --bounding-set=-sys_admin"
  check "namespaces refused: a lab comes up" lab_up 1
  check "namespaces refused: on loopback" [ "$(lab_get 1 mode)" = loopback ]
  check "namespaces refused: says why" contains "$work/1.out" "mode_why=cannot start"
  check "namespaces refused: warns" contains "$work/1.err" "do not share a link"
  check "namespaces refused: the lab ends" lab_end 1
else
  skip "namespaces refused" "only root can give up the right to make them"
fi
finish
