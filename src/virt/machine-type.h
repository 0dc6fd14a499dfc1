/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/host.h"

/* Machine types: which board a guest of QEMU has, in which version. A guest moves to hosts that
 * know it. */

/* mig_host_machines: all that guests of that architecture and libvirt type ("kvm") can have there,
 * by the driver's default emulator; NULL-ended, never NULL, empty: it does not tell. The caller
 * frees it with g_strfreev(). */
char **mig_host_machines (MigHost *host, const char *arch, const char *type);

/* mig_host_machine: which one such a guest gets that asks for this one: of "q35" it is
 * "pc-q35-10.0"; NULL: it does not tell. The caller frees it. */
char *mig_host_machine (MigHost *host, const char *arch, const char *type, const char *machine);

/* mig_machine_common: the newest version of a machine type ("pc-q35-10.0") that is in both lists;
 * NULL: there is none. Pure. The caller frees it. */
char *mig_machine_common (const char *machine, char **one, char **other);
