# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The guest's kernel panics while its memory is sent; the migration goes on with what is left of it.
# libvirt injects nothing while a migration is its job, so that the guest's QEMU has a monitor of
# its own, in its network namespace.
sed "s#<domain #&xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' #
  s#</domain>#<qemu:commandline><qemu:arg value='-monitor'/>MONITOR</qemu:commandline>&#
  s#MONITOR#<qemu:arg value='tcp:127.0.0.1:4444,server=on,wait=off'/>#" \
  "$work/domain.xml" >"$work/panic.xml"
begin_fault panic "s#$work/domain.xml#$work/panic.xml#"
check "panic: memory is sent" in_round
check "panic: the guest panics" monitor_on 0 nmi
end_fault "Kernel panic" damaged
mended
