# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The guest's kernel panics while its memory is sent; the migration goes on with what is left of it.
begin_fault panic
check "panic: memory is sent" in_round
check "panic: the guest panics" virsh_on 0 inject-nmi $domain
end_fault "Kernel panic" damaged
mended
