/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "measure/predictions.h"

static gboolean
write_case (MigResultWriter *writer, const MigStudyCase *study_case, GError **error)
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
      if (!mig_result_writer_append (writer, MIG_TABLE_PREDICTIONS, &record, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mig_predictions_write (MigResultWriter *writer, const MigStudy *study, const char *only,
                       GError **error)
{
  for (guint i = 0; i < study->cases->len; i++)
    {
      const MigStudyCase *study_case = study->cases->pdata[i];
      if (study_case->prediction && (!only || mig_case_matches (study_case, only)) &&
          !write_case (writer, study_case, error))
        return FALSE;
    }
  return TRUE;
}
