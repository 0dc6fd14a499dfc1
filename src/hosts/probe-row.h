/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/announcement.h"
#include "probe/probe.h"
#include "results/records.h"

/* mig_probe_row_fill: of probes.csv: guest: its name, which the row points to. */
void mig_probe_row_fill (MigProbeRecord *row, gint64 run, const char *guest, const MigProbe *probe);

/* mig_probe_rows: MigProbeRecord, of the probes (MigProbe) of one guest, by its number. */
GArray *mig_probe_rows (const GArray *probes, guint guest, gint64 run, const char *name);

/* mig_announcement_row_fill: of announcements.csv: macs: of the guest that migrated then. FALSE:
 * the announcement is not of that migration: of another guest, or another time. */
gboolean mig_announcement_row_fill (MigAnnouncementRecord *row, gint64 run, const char *guest,
                                    const char *const *macs, gint64 start_ns, gint64 end_ns,
                                    const MigAnnouncement *announcement);
