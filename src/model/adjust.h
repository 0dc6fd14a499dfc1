/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/model.h"

/* A model after a few of the migrations that it predicted: what it takes for granted is corrected
 * by what was measured, so that the rest can be planned anew. Far less than a calibration: two or
 * three figures. Pure. */

/* One migration as it was; NaN, 0: not measured. */
typedef struct {
  MigMove move;  /* vm and to as in the fleet; groups as they were performed */
  double time_s; /* without what copying disks took */
  double downtime_s;
  double sending_s;                    /* of the time: that pages were sent */
  double normal_pages, constant_pages; /* that were sent */
  double dirty_pages_per_s;            /* by the hypervisor, while it went on */
} MigMoveMeasured;

/* What was changed; equal: not at all. */
typedef struct {
  double link_before_bytes_per_s, link_after_bytes_per_s; /* of the fastest host */
  gboolean tells_speed;                   /* anything was sent for long enough to tell the speed */
  double speed;                           /* sending: so many times as fast as was assumed */
  double end_before_s, end_after_s;       /* a migration's time besides sending */
  double switch_before_s, switch_after_s; /* CPU work of switching over, besides the pages that are
                                             left */
} MigAdjustment;

/* mig_adjust: fleet: as it was when these migrations began; its links, and the dirty rates of these
 * VMs, are corrected, and so are the model's CPU work per byte of memory and its fixed times: they
 * are learnt from memory alone, since holes of disks and slow storage say nothing of links.
 * measured: of MigMoveMeasured. Nothing is changed where nothing was measured. */
void mig_adjust (MigModel *model, MigFleet *fleet, const GArray *measured,
                 MigAdjustment *adjustment);
