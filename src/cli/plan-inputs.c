/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "cli/plan-inputs.h"
#include "execute/live.h"
#include "plan/fleet-file.h"
#include "study/study.h"

/* set_rule: a stop rule by its name; NULL: the hypervisor's. */
static gboolean
set_rule (MigPlanSession *self, const char *name, GError **error)
{
  MigStopRule rule = MIG_STOP_HYPERVISOR;

  if (name && !mig_stop_rule_from_name (name, &rule, error))
    return FALSE;
  self->limits = mig_stop_rule_limits (rule);
  mig_model_set_stop_rule (&self->model, self->limits);
  return TRUE;
}

/* set_options: what the command line says of the migrations that are planned. */
static gboolean
set_options (MigPlanSession *self, const MigPlanInputs *inputs, GError **error)
{
  guint64 rate;

  self->storage = inputs->flags.storage;
  self->model.copies_disks = self->storage != MIG_STORAGE_STAYS;
  if (inputs->stop_rule &&
      !mig_error_of_option (set_rule (self, inputs->stop_rule, error), "stop-rule", error))
    return FALSE;
  if (!inputs->bandwidth)
    return TRUE;
  if (!mig_error_of_option (mig_units_parse_limit (inputs->bandwidth, &rate, error), "bandwidth",
                            error))
    return FALSE;
  self->model.cap_bytes_per_s = (double) rate;
  return TRUE;
}

/* learn_from: these result directories, which have been read. All have to have been measured with
 * one stop rule. */
static gboolean
learn_from (MigPlanSession *self, char **directories, const GPtrArray *inputs, GError **error)
{
  g_autoptr (GPtrArray) trainings = g_ptr_array_new ();
  const MigPlanInput *first = inputs->pdata[0];

  for (guint i = 0; i < inputs->len; i++)
    {
      const MigPlanInput *input = inputs->pdata[i];
      if (g_strcmp0 (input->stop_rule, first->stop_rule) != 0)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "'%s' was measured with stop rule %s, '%s' with %s: cannot learn from both",
                       directories[0], first->stop_rule ? first->stop_rule : "(none)",
                       directories[i], input->stop_rule ? input->stop_rule : "(none)");
          return FALSE;
        }
      g_ptr_array_add (trainings, input->training);
    }
  self->calibrated_with = g_strjoinv (", ", directories);
  return (self->training = mig_training_join (trainings, error)) &&
         set_rule (self, first->stop_rule, error);
}

/* note_technique: where the model knows too little of it. */
static void
note_technique (const MigPlanSession *self, const char *technique)
{
  g_autoptr (MigTraining) own = mig_training_of_technique (self->training, technique);

  if (!self->calibration->technique && own->runs->len < self->training->runs->len)
    g_ptr_array_add (mig_plan_session_assumed (self),
                     g_strdup_printf ("too few of the migrations that the model learns from are "
                                      "known to be by %s: it is assumed to take what they took",
                                      technique));
}

static gboolean
load_calibration (MigPlanSession *self, const MigPlanInputs *inputs, GError **error)
{
  g_autofree char *technique = mig_training_technique (inputs->technique, inputs->flags.tls);

  if (self->training)
    {
      self->calibrations = mig_calibrations_new (self->training, &self->model);
      if (!(self->calibration = mig_calibrations_find (self->calibrations, technique, error)))
        return FALSE;
      self->model = self->calibration->model;
      note_technique (self, technique);
    }
  return set_options (self, inputs, error);
}

static void
free_input (gpointer input)
{
  mig_plan_input_free (input);
}

/* mark_guests: those that somebody else is migrating, and those that cannot be. */
static gboolean
mark_guests (const MigPlanSession *self)
{
  mig_survey_mark (self->survey, self->own_fleet);
  return TRUE;
}

static gboolean
load_live (MigPlanSession *self, const MigPlanInputs *inputs, GError **error)
{
  return (self->survey = mig_plan_live (inputs->hosts, inputs->link, &inputs->flags, error)) &&
         (!inputs->save_fleet ||
          mig_fleet_file_save (inputs->save_fleet, self->survey->rows, error)) &&
         (self->own_fleet = mig_fleet_from_records (self->survey->rows, "the hosts", error)) &&
         mark_guests (self);
}

static const MigPlanInput *
load_input (MigPlanSession *self, const char *directory, GError **error)
{
  MigPlanInput *input = mig_plan_input_load (directory, error);

  if (input)
    g_ptr_array_add (self->inputs, input);
  return input;
}

/* load_learned: what --calibrate names; else the fleet, if that is a result directory. */
static gboolean
load_learned (MigPlanSession *self, const MigPlanInputs *inputs, GError **error)
{
  char *own[] = { (char *) inputs->fleet, NULL };
  char **directories = inputs->calibrate ? inputs->calibrate : own;

  for (guint i = 0; directories[i]; i++)
    if (!load_input (self, directories[i], error))
      return FALSE;
  return learn_from (self, directories, self->inputs, error);
}

static gboolean
load_file (MigPlanSession *self, const MigPlanInputs *inputs, GError **error)
{
  const MigFleetReading reading = { inputs->read_as, inputs->units };
  const char *path = inputs->fleet;

  if (!(self->draft = mig_fleet_file_load (path, &reading, error)))
    return FALSE;
  if (self->draft->recognised->len > 0)
    mig_info ("%s: %s", path, self->draft->recognised->str);
  return (self->own_fleet = mig_fleet_from_records (self->draft->rows, path, error)) != NULL;
}

/* load_inputs: a result directory may be the fleet and what is learnt from. */
static gboolean
load_inputs (MigPlanSession *self, const MigPlanInputs *inputs, GError **error)
{
  gboolean measured = inputs->fleet && g_file_test (inputs->fleet, G_FILE_TEST_IS_DIR);

  self->model = mig_model_default ();
  self->inputs = g_ptr_array_new_with_free_func (free_input);
  self->assumed = g_ptr_array_new_with_free_func (g_free);
  if (!set_rule (self, NULL, error) ||
      ((inputs->calibrate || measured) && !load_learned (self, inputs, error)))
    return FALSE;
  if (inputs->hosts)
    return load_live (self, inputs, error);
  if (!inputs->fleet)
    return TRUE;
  if (!measured)
    return load_file (self, inputs, error);
  self->fleet_input = inputs->calibrate ? load_input (self, inputs->fleet, error)
                                        : self->inputs->pdata[0];
  return self->fleet_input && mig_plan_input_fleet (self->fleet_input, error);
}

static MigFleet *
find_fleet (const MigPlanSession *self)
{
  if (self->own_fleet)
    return self->own_fleet;
  return self->fleet_input ? (MigFleet *) mig_plan_input_fleet (self->fleet_input, NULL) : NULL;
}

static gboolean
has_disks (const MigFleet *fleet)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->disk_bytes > 0)
      return TRUE;
  return FALSE;
}

/* no_disks: what to say of a fleet without any; NULL: how large they are is not known, which is
 * said already. */
static const char *
no_disks (const MigPlanSession *self)
{
  if (self->draft)
    return "no VM of the fleet has a local disk; column 'local_disk' of migcost-fleet(5) says how "
           "large they are";
  if (!self->survey)
    return "no migration of the result copied disks, so the plan assumes that no VM has any";
  return self->survey->disks_unknown ? NULL : "no guest has a disk to copy";
}

/* note_disks: what nobody knows of them where they are to be copied. */
static void
note_disks (const MigPlanSession *self, const MigFleet *fleet)
{
  if (!self->model.copies_disks)
    return;
  if (!has_disks (fleet))
    {
      const char *why = no_disks (self);
      if (why)
        mig_warning ("--copy-storage: %s", why);
    }
  else if (self->calibration && self->calibration->n_parameters == MIG_N_MEMORY_PARAMETERS)
    g_ptr_array_add (mig_plan_session_assumed (self),
                     g_strdup ("too few of the migrations that the model learns from copied disks: "
                               "what that takes of CPUs is assumed"));
}

gboolean
mig_plan_inputs_load (MigPlanSession *self, const MigPlanInputs *inputs, MigFleet **fleet,
                      GError **error)
{
  self->memory_limits = inputs->memory_limits;
  if (!load_inputs (self, inputs, error) || !load_calibration (self, inputs, error))
    return FALSE;
  *fleet = find_fleet (self);
  if (*fleet)
    note_disks (self, *fleet);
  return !*fleet || mig_memory_limits_apply (&self->memory_limits, *fleet, FALSE, error);
}
