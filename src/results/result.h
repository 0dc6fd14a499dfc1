/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/manifest.h"
#include "results/table-reader.h"

/* A result directory (migcost-results(5)): study.xml, MANIFEST, one CSV per table, domains/,
 * console/, run.log, COMPLETE. Created 0700; files never follow links. */

/* Writing. All functions may be called from any thread; one lock inside. */
typedef struct _MigResultWriter MigResultWriter;

/* mig_result_writer_new: creates the directory (its parents too) and its fixed files (study.xml
 * from study_xml, MANIFEST). The directory is locked against a second writer while this one lives.
 * Errors: EXISTS where path exists and is not an empty directory; FAILED with the cause where it
 * can't be created or written. */
MigResultWriter *mig_result_writer_new (const char *path, const char *study_xml,
                                        gsize study_xml_size, const MigManifest *manifest,
                                        GError **error);

/* mig_result_writer_resume: opens an existing result directory that lacks COMPLETE to append to it.
 * A half-written last line of a table (crash) is cut off; rows are never removed. Errors: INVALID
 * where it is not a result directory, is complete, or has other columns than this version writes;
 * EXISTS where another process is writing to it. */
MigResultWriter *mig_result_writer_resume (const char *path, GError **error);

/* mig_result_writer_reopen: the same, but it may be complete. Then COMPLETE stays, and nothing can
 * be appended to tables, until mig_result_writer_continue() takes it from the disk: a reader must
 * not take a directory that grows, or whose writer was killed, for a complete one. */
MigResultWriter *mig_result_writer_reopen (const char *path, GError **error);
gboolean mig_result_writer_continue (MigResultWriter *writer, GError **error);

/* mig_result_writer_last_run: highest run number in any table when the directory was opened, 0 in a
 * new one. Go on with the next number: a run that was cut off by a crash has rows in other tables
 * but none in runs.csv. */
gint64 mig_result_writer_last_run (MigResultWriter *writer);

/* mig_result_writer_append: one row, buffered (64 KiB per table). record: the table's struct, not
 * kept. A failure to write (disk full) of any of these functions is kept and returned by every
 * later call, so a caller may check at commit only. */
gboolean mig_result_writer_append (MigResultWriter *writer, MigTable table, gconstpointer record,
                                   GError **error);

/* mig_result_writer_commit: everything appended so far is on the disk (flush and fsync). */
gboolean mig_result_writer_commit (MigResultWriter *writer, GError **error);

/* mig_result_writer_save: a whole file below the directory, e.g. "domains/3-c1-source.xml";
 * replaces one of that name. */
gboolean mig_result_writer_save (MigResultWriter *writer, const char *name, const char *data,
                                 gsize size, GError **error);

/* mig_result_writer_has: whether there is a file of that name. */
gboolean mig_result_writer_has (MigResultWriter *writer, const char *name);

/* mig_result_writer_append_file: appends raw bytes to a file below the directory, e.g.
 * "console/3-c1.log" or "run.log"; not buffered; opened once, closed by commit. At most max_bytes
 * (0: no limit) end up in the file; the rest is dropped silently. */
gboolean mig_result_writer_append_file (MigResultWriter *writer, const char *name, const char *data,
                                        gsize size, gsize max_bytes, GError **error);

/* mig_result_writer_finish: commit, then COMPLETE. */
gboolean mig_result_writer_finish (MigResultWriter *writer, GError **error);

const char *mig_result_writer_path (MigResultWriter *writer);

/* mig_result_writer_free: writes what is buffered, without waiting for the disk; no COMPLETE. */
void mig_result_writer_free (MigResultWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigResultWriter, mig_result_writer_free)

/* Reading. */
typedef struct _MigResult MigResult;

/* mig_result_open: reads MANIFEST. Works on a run that is still going on or was interrupted. Of a
 * complete result runs.csv, guests.csv and migrations.csv have to be there, and each table that is
 * has a first line and ends with a line break. Errors: INVALID with the file and the key, or what
 * it lacks; UNSUPPORTED where a newer version wrote it. */
MigResult *mig_result_open (const char *path, GError **error);
const MigManifest *mig_result_manifest (const MigResult *result);
const char *mig_result_path (const MigResult *result);
gboolean mig_result_is_complete (const MigResult *result);

/* mig_result_study: the text of its study.xml; NULL: it cannot be read. The caller frees it. */
char *mig_result_study (const MigResult *result, gsize *size);

/* mig_result_can_grow: whether this version can add rows to a complete result without changing what
 * is there: it has all tables, with the columns that are written now. Errors: INVALID with the
 * first that it has not. */
gboolean mig_result_can_grow (const MigResult *result, GError **error);

/* mig_result_foreach: streams a table through a callback; the record and its strings are valid
 * during the call only. Columns are matched by name: unknown ones are ignored, absent ones are
 * missing. A table that is not there has no rows. A half-written last line is ignored. The callback
 * returns FALSE with error set to stop. Errors: INVALID with file:line. */
gboolean mig_result_foreach (MigResult *result, MigTable table, MigRecordFunc func, gpointer data,
                             GError **error);

/* mig_result_load: a whole (small) table: array of record pointers, freed with the array. Errors:
 * those of mig_result_foreach(); INVALID where it has more than a million rows. */
GPtrArray *mig_result_load (MigResult *result, MigTable table, GError **error);

void mig_result_free (MigResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigResult, mig_result_free)
