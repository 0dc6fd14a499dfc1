/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "hosts/run-host.h"

/* mig_check_cpus: whether hosts have the CPUs of a variant's own guests that move to them. Those of
 * existing guests are among what keeps these from migrating (virt/obstacle.h). */
void mig_check_cpus (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
                     const MigStudy *variant);

/* mig_cpu_is_of_host: whether a guest of that libvirt type and architecture sees the CPU of the
 * host that it starts on, and not one by name. mode, model: of its <cpu>; NULL: it does not say.
 * Pure. */
gboolean mig_cpu_is_of_host (const char *type, const char *arch, const char *mode,
                             const char *model);
