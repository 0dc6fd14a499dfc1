/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/units.h"

/* Small-scale models: memory, working sets and what is observed of them are a share of the full
 * size; rates are not, so that every duration that is bytes over a rate is that share too. */

/* What Linux keeps of a guest's memory for itself, whatever the scale: of 512 MiB, 442 MiB can be a
 * working set. */
#define MIG_SCALE_KERNEL_BYTES (70 * MIG_MIB)

/* A guest of a scaled study has at least this: its kernel and initramfs have to fit. */
#define MIG_SCALE_LEAST_MEMORY_BYTES (96 * MIG_MIB)

/* mig_scale_parse: "1/4", "0.25" -> 0.25; from 1/100 to 1. Errors: MIG_ERROR_INVALID. */
gboolean mig_scale_parse (const char *text, double *scale, GError **error);

/* mig_scale_memory: of a guest: what its kernel takes does not shrink; whole MiB.
 * mig_scale_full_memory: the way back, but for that rounding. */
guint64 mig_scale_memory (double scale, guint64 bytes);
double mig_scale_full_memory (double scale, double bytes);

/* mig_scale_bytes: memory inside of a guest; whole pages, at least one. */
guint64 mig_scale_bytes (double scale, guint64 bytes);

/* mig_scale_duration: not below the least. */
gint64 mig_scale_duration (double scale, gint64 ns, gint64 least_ns);
