/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* Result directories PATH/0001, PATH/0002, ... of a watch that goes on for days: when one is full
 * it is finished and the next begins, and of the finished ones the oldest are removed, so that what
 * they take on the disk is bounded. Only directories that were made by this object are ever
 * removed. */
typedef struct _MigResultRotation MigResultRotation;

/* mig_result_rotation_new: the first one; PATH must be new or empty. study_xml:
 * XML that stands for the
 * study. keep: how many there may be, the one that is written included. Errors: EXISTS, FAILED. */
MigResultRotation *mig_result_rotation_new (const char *path, const char *study_xml,
                                            guint64 full_bytes, guint keep, GError **error);

/* mig_result_rotation_writer: of the current one. */
MigResultWriter *mig_result_rotation_writer (const MigResultRotation *volumes);

/* mig_result_rotation_is_full: as far as it is on the disk. */
gboolean mig_result_rotation_is_full (const MigResultRotation *volumes);

/* mig_result_rotation_commit: all is on the disk; where the current one is full, the next begins:
 * *fresh. */
gboolean mig_result_rotation_commit (MigResultRotation *volumes, gboolean *fresh, GError **error);

/* mig_result_rotation_finish: the current one is complete. */
gboolean mig_result_rotation_finish (MigResultRotation *volumes, GError **error);
void mig_result_rotation_free (MigResultRotation *volumes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigResultRotation, mig_result_rotation_free)
