/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_report_live_row: one finished run in one line, without a line break: "cm, repetition 2: ok,
 * 15.0 s, downtime 2.55 s (events), 2.60 s (guest)". migrations: of MigMigrationRecord *.
 * period_ns: of the heartbeats. The caller frees it. */
char *mig_report_live_row (const char *case_label, gint64 repetition, const GPtrArray *migrations,
                           gint64 period_ns);
