#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Verification catches real damage: Debian 12's QEMU 7.2 loses dirty pages of guests under software
# emulation when it migrates them, and calls that a success. Such a QEMU is refused; where one
# insists, damaged guests are reported. It is unpacked beside the installed one, not installed.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/migcost/qemu-7.2
packages='qemu-system-x86=1:7.2* qemu-system-common=1:7.2* qemu-system-data=1:7.2*'

fetch() {
  mkdir -p "$cache.new" && cd "$cache.new" || return 1
  set -f
  # shellcheck disable=SC2086 # a list, whose * is apt's
  apt-get -q download $packages || return 1
  set +f
  for package in ./*.deb; do
    dpkg-deb -x "$package" root || return 1
  done
  rm -f ./*.deb
  cd "$work" && mv "$cache.new" "$cache"
}

# Its own modules (software emulation is one) and firmware, not those of the installed QEMU.
unpack_qemu() {
  cp -R "$cache/root" "$work/bin/qemu" || return 1
  library=$(dirname "$(find "$work/bin/qemu" -name accel-tcg-x86_64.so)")
  cat >"$work/bin/qemu-7.2" <<SH
#!/bin/sh
export QEMU_MODULE_DIR='$library'
exec '$work/bin/qemu/usr/bin/qemu-system-x86_64' -L '$work/bin/qemu/usr/share/qemu' -L /usr/share/seabios "\$@"
SH
  chmod 755 "$work/bin/qemu-7.2"
  chmod -R a+rX "$work/bin"
  "$work/bin/qemu-7.2" --version | grep -q 'version 7\.2'
}

if ! [ -d "$cache" ]; then
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    skip_all "no apt: QEMU 7.2 cannot be had"
  (fetch) >fetch.log 2>&1 || {
    rm -rf "$cache.new"
    skip_all "QEMU 7.2 cannot be had: $(tail -n 1 fetch.log)"
  }
fi
unpack_qemu >unpack.log 2>&1 || skip_all "QEMU 7.2 does not run here: $(tail -n 1 unpack.log)"

damaged() { column migrations status | grep -qx damaged ||
  { cat "$result/migrations.csv"; false; }; }

reasons() { # each damaged migration has one that verification gives
  query migrations '
    $at["status"] == "damaged" {
      print $at["reason"]
      if ($at["reason"] !~ /damage: |kernel message: |sequence went back|no heartbeat came/) bad = 1
    }
    END { exit bad }'
}

measure refused run-damage.xml --emulator "$work/bin/qemu-7.2"
if grep -q 'virtualization,KVM' "$result/environment.csv" 2>/dev/null; then
  skip_all "KVM works here: QEMU 7.2 does no harm under it"
fi
check "it is refused" exits 1
check "with the reason" contains err "QEMU 7.2"
check "and what to do" contains err "install QEMU 9.0 or later"
check "check says so too" not "$migcost" check run-damage.xml --emulator "$work/bin/qemu-7.2"

# Which pages are lost is chance: a run that none was lost in says nothing, and is repeated.
for try in 1 2 3 4 5 6 7 8; do
  measure "insisted-$try" run-damage.xml --emulator "$work/bin/qemu-7.2" --allow-untrusted
  [ "$status" = 0 ] || break
done
lab=$(lab_of "$result")
check "with --allow-untrusted it warns" grep -q '^migcost: warning: .*QEMU 7\.2.*loses memory' err
check "the environment names the QEMU that ran" \
  grep -q '^source,hypervisor version,7\.2\.' "$result/environment.csv"
check "it fails, in one of eight runs at the latest" exits 1
check "at least one guest came out damaged" damaged
check "with its reason" reasons
check "its repetition does not count" grep -q ',failed,"*m1: damaged: ' "$result/runs.csv"
check "the result is not complete" not is_complete
check "the report" is_readable
check "nothing is left" left_nothing "$lab"
finish
