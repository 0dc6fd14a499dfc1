/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/result.h"
#include "measure/resume.h"
#include "study/study.h"
#include "tests/fuzz/fuzz.h"

/* A result directory that somebody wants to go on with: what it says was done, and its tables,
 * opened to be written to. A row that is added can be read. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *folder = fuzz_folder (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) cannot_write = NULL;
  MigResume resume = { 0 };

  if (mig_resume_load (folder, &resume, &error))
    g_assert (g_hash_table_size (resume.done) <= size && resume.begun->len <= size &&
              resume.repetitions <= MIG_STUDY_MAX_REPETITIONS);
  else
    g_assert (error);
  mig_resume_clear (&resume);

  g_autoptr (MigResultWriter) writer = mig_result_writer_reopen (folder, &cannot_write);
  g_assert (!writer == (cannot_write != NULL));
  if (!writer)
    return 0;
  g_assert (mig_result_writer_continue (writer, &cannot_write));
  MigScheduleRecord record = { 1, (char *) "case", mig_result_writer_last_run (writer) };
  g_assert (mig_result_writer_append (writer, MIG_TABLE_SCHEDULE, &record, &cannot_write));
  g_assert (mig_result_writer_commit (writer, &cannot_write));
  return 0;
}
