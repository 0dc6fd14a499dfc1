/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* Which machine type guests have. */

/* mig_hosts_find_machine: of MigRunHost: their machine: guests of a bundled template get the newest
 * that all hosts have, where the one that the first host would give them is not on all of them. */
void mig_hosts_find_machine (const GPtrArray *hosts);

/* mig_guest_common_machine: the one that guests by that template file (NULL: the host's own) get
 * instead of what it says; NULL: none. */
const char *mig_guest_common_machine (const MigRunHost *host, const char *template_file);

/* mig_guest_machine: which one a guest has that starts on that host by a template file; NULL: not
 * known. arch and type are set to what the template says. The caller frees all three. */
char *mig_guest_machine (const MigRunHost *host, const char *template_file, char **arch,
                         char **type);
