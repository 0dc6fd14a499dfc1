/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "study/study.h"

/* Options that say how guests are migrated, of all commands that have guests migrated. */
typedef struct {
  char *copy_storage, *timeout; /* NULL: not given */
  gboolean tls, unsafe;
  /* of commands with a study alone */
  char *technique, *bandwidth; /* the same */
  gboolean direct;
} MigMigrationOptions;

/* MIG_STORAGE_ENTRY, MIG_MIGRATION_ENTRIES: rows of a table of options; when: a literal before each
 * description. */
/* clang-format off */
#define MIG_STORAGE_ENTRY(values)                                             \
  { "copy-storage", 0, 0, G_OPTION_ARG_STRING, &(values).copy_storage,        \
    "copy disks too: all, or what differs (inc)", "STORAGE" }

#define MIG_MIGRATION_ENTRIES(values, when)                                   \
  { "tls", 0, 0, G_OPTION_ARG_NONE, &(values).tls,                            \
    when "encrypt what is sent, by TLS", NULL },                              \
  { "timeout", 0, 0, G_OPTION_ARG_STRING, &(values).timeout,                  \
    when "time for a migration, and what to do then", "LIMIT" },              \
  { "unsafe", 0, 0, G_OPTION_ARG_NONE, &(values).unsafe,                      \
    when "migrate where libvirt fears for disks, too", NULL }

/* MIG_STUDY_MIGRATION_ENTRIES: the same of commands with a study, in place of what that says. */
#define MIG_STUDY_MIGRATION_ENTRIES(values)                                   \
  { "technique", 0, 0, G_OPTION_ARG_STRING, &(values).technique,              \
    "how guests are migrated (default: the study's)", "TECHNIQUE" },          \
  { "bandwidth", 0, 0, G_OPTION_ARG_STRING, &(values).bandwidth,              \
    "limit of each migration, like 50 MiB/s (default: the study's)",          \
    "RATE" },                                                                 \
  { "direct", 0, 0, G_OPTION_ARG_NONE, &(values).direct,                      \
    "no migration is peer-to-peer", NULL },                                   \
  MIG_STORAGE_ENTRY (values),                                                 \
  MIG_MIGRATION_ENTRIES (values, "")
/* clang-format on */

gboolean mig_migration_options_given (const MigMigrationOptions *options);

/* mig_migration_options_flags: what they mean; *timeout_ns: 0: not given. Errors: USAGE. */
gboolean mig_migration_options_flags (const MigMigrationOptions *options, MigMigrationFlags *flags,
                                      gint64 *timeout_ns, GError **error);

/* mig_migration_options_attributes: as a study says it, for MigStudyChanges; NULL without error:
 * none was given. The caller frees it with g_strfreev(). Errors: USAGE. */
char **mig_migration_options_attributes (const MigMigrationOptions *options, GError **error);
