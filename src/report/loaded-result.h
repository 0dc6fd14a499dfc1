/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/accuracy.h"
#include "model/full-size.h"
#include "paper/conclusions.h"
#include "summary/answers.h"
#include "summary/dirty-rates.h"
#include "summary/extent.h"
#include "summary/order-map.h"
#include "report/timeline.h"
#include "results/result.h"

/* A result directory, read and analysed: what the renderers take. */
typedef struct {
  char *path;
  gboolean complete;
  gboolean can_grow; /* as mig_result_can_grow() */
  MigExtent extent;
  MigManifest manifest;
  GPtrArray *environment; /* of MigEnvironmentRecord */
  GPtrArray *limits;      /* of MigLimitRecord */
  MigSummary *summary;
  GPtrArray *answers;     /* of MigAnswer: of mig_answers_new() */
  GPtrArray *order_map;   /* of MigOrderField: of mig_order_map_new() */
  GPtrArray *dirty_rates; /* of MigDirtyRate: of mig_dirty_rates_new() */
  GPtrArray *predictions; /* of MigPredictionRecord: what the study predicts */
  gboolean tests_paper;   /* the study tests the paper's claims */
  GPtrArray *conclusions; /* of MigConclusion; empty: the study tests none of the paper's */
  MigAccuracy *accuracy;  /* how it did; NULL: it predicts nothing */
  MigFullSize *full_size; /* what a scaled study would cost at full size; NULL: it is not scaled,
                             or only the summary was read */
  /* by mig_loaded_result_read_whole() only; NULL otherwise */
  GPtrArray *timelines; /* of MigTimeline, by run */
  GPtrArray *tables;    /* of the tables that time lines refer to */
} MigLoadedResult;

/* mig_loaded_result_read: reads the directory (an interrupted or still growing one too); heartbeats
 * and samples are streamed, so memory does not grow with them. Errors: those of mig_result_open()
 * and mig_result_foreach(). */
MigLoadedResult *mig_loaded_result_read (const char *path, GError **error);

/* mig_loaded_result_read_summary: without the prediction of full size, which may take seconds. */
MigLoadedResult *mig_loaded_result_read_summary (const char *path, GError **error);

/* mig_loaded_result_read_whole: with what figures need: the time lines. */
MigLoadedResult *mig_loaded_result_read_whole (const char *path, GError **error);

void mig_loaded_result_free (MigLoadedResult *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigLoadedResult, mig_loaded_result_free)
