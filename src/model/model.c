/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "model/model.h"

#define INTERVAL_LEVEL 0.95

MigModel
mig_model_default (void)
{
  return (MigModel){
    .source_s_per_byte = 1e-9,
    .destination_s_per_byte = 1e-9,
    .source_s_per_constant = 5e-7,
    .destination_s_per_constant = 5e-7,
    .source_s_per_disk_byte = 1e-9,
    .destination_s_per_disk_byte = 1e-9,
    .copies_disks = TRUE,
    .setup_s = 0.2,
    .switch_s = 0.05,
    .end_s = 0.2,
    .cap_bytes_per_s = INFINITY,
    .downtime_limit_s = 0.3,
    .time_error = NAN,
    .downtime_error = NAN,
    .lost_error = NAN,
    .lost_mean_error = NAN,
    .outage_surplus_s = NAN,
    .outage_surplus_sd_s = NAN,
  };
}

void
mig_model_set_stop_rule (MigModel *model, const MigStopLimits *limits)
{
  model->max_rounds = limits->max_rounds;
  model->min_pages = limits->min_pages;
  model->max_ram = limits->max_ram;
  model->downtime_limit_s = limits == mig_stop_rule_limits (MIG_STOP_HYPERVISOR)
                                ? mig_model_default ().downtime_limit_s
                                : 0;
}

/* half: of an interval, as a multiple of the standard error. */
static double
half (double error, guint degrees)
{
  if (isnan (error) || degrees == 0)
    return NAN;
  return gsl_cdf_tdist_Pinv ((1 + INTERVAL_LEVEL) / 2, degrees) * error;
}

double
mig_model_time_factor (const MigModel *model)
{
  return exp (half (model->time_error, model->time_degrees));
}

double
mig_model_downtime_factor (const MigModel *model)
{
  return exp (half (model->downtime_error, model->downtime_degrees));
}

double
mig_model_lost_half (const MigModel *model, double time_s)
{
  return time_s * half (model->lost_error, model->lost_degrees);
}

double
mig_model_lost_sum_half (const MigModel *model, double time_s, guint n)
{
  return n * time_s * half (model->lost_mean_error, model->lost_degrees);
}

/* fastest: where a byte takes so much of a CPU on either side. */
static double
fastest (const MigModel *model, const MigFleetHost *source, double source_s_per_byte,
         const MigFleetHost *target, double target_s_per_byte)
{
  double link = fmin (source->link_bytes_per_s, target->link_bytes_per_s);
  double s_per_byte = source_s_per_byte /
                          fmin (MIG_THREAD_CPUS, mig_fleet_host_thread_cpus (source)) +
                      target_s_per_byte /
                          fmin (MIG_THREAD_CPUS, mig_fleet_host_thread_cpus (target));

  return fmin (fmin (model->cap_bytes_per_s, link), s_per_byte > 0 ? 1 / s_per_byte : INFINITY);
}

double
mig_model_fastest (const MigModel *model, const MigFleetHost *source, const MigFleetHost *target)
{
  return fastest (model, source, model->source_s_per_byte, target, model->destination_s_per_byte);
}

double
mig_model_fastest_disk (const MigModel *model, const MigFleetHost *source,
                        const MigFleetHost *target)
{
  return fastest (model, source, model->source_s_per_disk_byte, target,
                  model->destination_s_per_disk_byte);
}
