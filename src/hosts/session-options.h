/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* Which hosts and how, from the command line; every member may be NULL or FALSE. */
typedef struct {
  char *source, *destination; /* URIs of the study's first and second host */
  char **hosts;               /* NAME=URI, of hosts by their names */
  char **migrate_uris;        /* the same, of migrations to them */
  char **peer_uris;           /* the same, by which the other hosts' daemons reach them */
  char *pool; /* storage pool or directory that the guests' files are uploaded to, of hosts that
                 name none */
  gboolean remove_uploads; /* at the end */
  char *disk_pool;         /* pool or directory of guests' disks, on all hosts */
  char *emulator;          /* QEMU program of the guests */
  gboolean loopback;       /* the lab without namespaces */
} MigSessionOptions;

extern MigSessionOptions mig_session_options;

/* mig_session_with_options: a command's own options with those of a session behind them. */
GOptionEntry *mig_session_with_options (const GOptionEntry *entries);

/* mig_session_options_name_hosts: makes of source and destination the first of hosts, which name
 * them as the study does. One without the other stays, for mig_session_options_apply() to refuse.
 */
void mig_session_options_name_hosts (MigSessionOptions *options, const MigStudy *study);

/* mig_session_options_apply: the study's hosts get what they say. Errors: USAGE: a host that the
 * study does not have, or options that do not go together. */
gboolean mig_session_options_apply (const MigSessionOptions *options, MigStudy *study,
                                    GError **error);
