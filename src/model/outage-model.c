/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

#include "model/outage-model.h"

/* Linux: TCP_RTO_MIN (include/net/tcp.h), doubled with each retransmission (RFC 6298, 5.5) */
#define RETRANSMISSION_S 0.2
/* RFC 6298, 2.1; the time to the next doubles: 1, 3, 7 s ... after the first packet */
#define CONNECT_S 1.
/* a timer is late by so much of its time (measured, up to 6.75 s instead of 6.4 s) */
#define TIMER_SHARE 0.1
#define INTERVAL_LEVEL 0.95
/* nobody waits longer */
#define LONGEST_S 1e4

void
mig_outage_learn (MigModel *model, const MigTraining *training)
{
  g_autoptr (GArray) surplus = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < training->runs->len; i++)
    {
      const GArray *measured = ((const MigTrainingRun *) training->runs->pdata[i])->measured;
      for (guint j = 0; j < measured->len; j++)
        {
          const MigMeasured *one = &g_array_index (measured, MigMeasured, j);
          double more_s = one->outage_s - one->downtime_s;
          if (isfinite (more_s))
            g_array_append_val (surplus, more_s);
        }
    }
  const double *data = (const double *) (gpointer) surplus->data;
  model->n_outages = surplus->len;
  model->outage_surplus_s = surplus->len > 0 ? gsl_stats_mean (data, 1, surplus->len) : NAN;
  model->outage_surplus_sd_s = surplus->len > 1 ? gsl_stats_sd (data, 1, surplus->len) : NAN;
}

/* half: of the interval of one more surplus. */
static double
half (const MigModel *model)
{
  guint n = model->n_outages;

  return n > 1 ? gsl_cdf_tdist_Pinv ((1 + INTERVAL_LEVEL) / 2, n - 1) * model->outage_surplus_sd_s *
                     sqrt (1 + 1. / n)
               : NAN;
}

/* not_negative: NaN stays what it is. */
static double
not_negative (double s)
{
  return s < 0 ? 0 : s;
}

MigPredicted
mig_outage_predict (const MigModel *model, MigPredicted downtime)
{
  double surplus_s = model->outage_surplus_s, half_s = half (model);

  return (MigPredicted){ not_negative (downtime.value + surplus_s),
                         not_negative (downtime.low + surplus_s - half_s),
                         not_negative (downtime.high + surplus_s + half_s) };
}

double
mig_tcp_stall (double outage_s)
{
  double step_s = RETRANSMISSION_S;

  if (!(outage_s > 0))
    return isnan (outage_s) ? NAN : 0;
  while (step_s < outage_s && step_s < LONGEST_S)
    step_s *= 2;
  return step_s;
}

double
mig_tcp_connect (double outage_s)
{
  double wait_s = CONNECT_S, at_s = CONNECT_S;

  if (!(outage_s > 0))
    return isnan (outage_s) ? NAN : 0;
  while (at_s < outage_s && at_s < LONGEST_S)
    at_s += wait_s *= 2;
  return at_s;
}

MigPredicted
mig_stall_predict (MigPredicted outage)
{
  return (MigPredicted){ mig_tcp_stall (outage.value), outage.low,
                         mig_tcp_stall (outage.high) * (1 + TIMER_SHARE) };
}
