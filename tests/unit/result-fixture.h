/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* A result directory that a test writes and reads. */
typedef struct {
  char *top;  /* a directory of its own */
  char *path; /* of the result, in it; not made yet */
} ResultFixture;

extern const MigManifest result_fixture_manifest;

void result_fixture_set_up (ResultFixture *f, gconstpointer data);
void result_fixture_tear_down (ResultFixture *f, gconstpointer data);

MigResultWriter *result_fixture_writer (ResultFixture *f);
MigResult *result_fixture_open (ResultFixture *f);
void result_fixture_put (ResultFixture *f, const char *name, const char *text);
char *result_fixture_get (ResultFixture *f, const char *name);
void result_fixture_append_event (MigResultWriter *writer, gint64 run, const char *detail);
