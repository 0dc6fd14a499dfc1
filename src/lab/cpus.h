/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_lab_cpus_allowed: numbers of the CPUs that this process may use, ascending, as int; in a
 * container or under taskset these are neither all nor the first. NULL: cannot be told. */
GArray *mig_lab_cpus_allowed (GError **error);

/* mig_lab_cpus_of_host: those of the allowed ones that a host of a lab with so many owns, as int:
 * of two hosts the first half or the second; where there are fewer CPUs than hosts, one, which
 * others own too. */
GArray *mig_lab_cpus_of_host (const GArray *allowed, guint host, guint hosts);

/* mig_lab_cpus_choose: one for each host: those asked for ("0,1"), if this process may use them;
 * NULL: those that it may use, one after the other. Errors: USAGE; INVALID: one is not there. */
gboolean mig_lab_cpus_choose (const char *text, int *cpus, guint n_hosts, GError **error);
