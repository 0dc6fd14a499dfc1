/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "measure/predictions.h"

static void
add_case (GArray *records, const MigStudyCase *study_case)
{
  const MigStudyPrediction *prediction = study_case->prediction;

  for (guint i = 0; i < prediction->values->len; i++)
    {
      const MigStudyPredicted *of = &g_array_index (prediction->values, MigStudyPredicted, i);
      MigPredictionRecord record = {
        study_case->label, prediction->order, of->guest ? of->guest->name : NULL,
        of->quantity,      of->value_ns,      of->low_ns,
        of->high_ns,       prediction->model,
      };
      g_array_append_val (records, record);
    }
}

GArray *
mig_predictions_new (const MigStudy *study, const char *only)
{
  GArray *records = g_array_new (FALSE, FALSE, sizeof (MigPredictionRecord));

  for (guint i = 0; i < study->cases->len; i++)
    {
      const MigStudyCase *study_case = study->cases->pdata[i];
      if (study_case->prediction && (!only || mig_case_matches (study_case, only)))
        add_case (records, study_case);
    }
  return records;
}

gboolean
mig_predictions_write (MigResultWriter *writer, const MigStudy *study, const char *only,
                       GError **error)
{
  g_autoptr (GArray) records = mig_predictions_new (study, only);

  for (guint i = 0; i < records->len; i++)
    if (!mig_result_writer_append (writer, MIG_TABLE_PREDICTIONS,
                                   &g_array_index (records, MigPredictionRecord, i), error))
      return FALSE;
  return TRUE;
}
