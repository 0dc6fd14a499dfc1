/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/log.h"
#include "hosts/boot-files.h"
#include "hosts/default-template.h"
#include "hosts/environment.h"
#include "hosts/guest-hardware.h"
#include "hosts/guest-machine.h"
#include "hosts/lab-share.h"
#include "hosts/server.h"
#include "hosts/session.h"
#include "hosts/storage-place.h"
#include "results/facts.h"
#include "virt/loop.h"
#include "virt/template.h"
#include "virt/upload.h"

/* ---- the study's hosts ---- */

static MigLab *
start_lab (MigStudy *study, const MigSessionOptions *options, GError **error)
{
  int cpus[MIG_LAB_MAX_HOSTS];
  MigLabOptions lab_options = {
    .hosts = study->hosts->len,
    .link_bytes_per_s = study->link_bytes_per_s,
    .cpus = cpus,
    .force_loopback = options->loopback,
    .emulator = options->emulator,
    .taps = mig_study_has_network (study) ? MIN (study->guests->len, MIG_LAB_MAX_TAPS) : 0,
    .forward_delay_ns = study->forward_delay_ns,
    .disks = mig_study_disks (study) != 0,
  };
  for (guint i = 0; i < study->hosts->len; i++)
    {
      const MigStudyHost *host = g_ptr_array_index (study->hosts, i);
      g_autoptr (GArray) own = mig_lab_share_new (study, i, error);
      if (!own || !mig_lab_share_check (study, host, own, error))
        return NULL;
      cpus[i] = g_array_index (own, int, MAX (0, host->cpu));
    }

  MigLab *lab = mig_lab_up (&lab_options, error);
  if (lab && mig_lab_mode (lab) == MIG_LAB_MODE_LOOPBACK)
    {
      g_autofree char *rate = mig_units_format_rate ((gint64) mig_lab_link_rate (lab));
      mig_warning (
          "the lab has no network namespaces: each migration is limited to %s, and parallel "
          "migrations do not share a link",
          rate);
      for (guint i = 0; i < mig_study_n_variants (study); i++)
        {
          MigStudy *variant = mig_study_variant (study, i);
          if (!variant->bandwidth_bytes_per_s)
            variant->bandwidth_bytes_per_s = variant->link_bytes_per_s;
        }
    }
  return lab;
}

/* use_lab: of one that is up already: what guests boot there, and where data is to be sent, neither
 * of which template and hypervisor know. FALSE: the host is none of a lab's. */
static gboolean
use_lab (MigRunHost *host, const char *uri, gboolean *kvm)
{
  g_autoptr (MigLabHost) found = mig_lab_find_host (uri);

  if (!found)
    return FALSE;
  host->kernel = g_steal_pointer (&found->kernel);
  host->initrd = g_steal_pointer (&found->initrd);
  if (!host->migrate_uri)
    host->migrate_uri = g_steal_pointer (&found->migrate_uri);
  host->tls_why_not = g_steal_pointer (&found->tls_why_not);
  *kvm = found->kvm;
  return TRUE;
}

static MigRunHost *
open_host (const MigStudy *study, guint index, const MigLab *lab, const MigSessionOptions *options,
           GError **error)
{
  const MigStudyHost *study_host = g_ptr_array_index (study->hosts, index);
  g_autoptr (GArray) own = lab ? mig_lab_share_new (study, index, error) : NULL;
  if (lab && !own)
    return NULL;
  MigHost *host = mig_host_open (study_host->name, lab ? mig_lab_uri (lab, index) : study_host->uri,
                                 error);
  if (!host)
    return NULL;

  MigRunHost *run_host = mig_run_host_new (study_host, host);
  gboolean kvm = lab && mig_lab_has_kvm (lab, NULL);
  gboolean in_lab = lab || use_lab (run_host, study_host->uri, &kvm);
  guint lender;
  if (lab)
    {
      run_host->n_cpus = own->len;
      mig_lab_share_lender (study, index, &lender, &run_host->other_cpu);
      run_host->own_cpus = g_steal_pointer (&own);
      mig_run_host_give_cpus (run_host, study);
      g_free (run_host->peer_uri);
      run_host->peer_uri = g_strdup (mig_lab_peer_uri (lab, index));
      run_host->save_directory = mig_lab_host_directory (lab, index);
      run_host->disk_directory = g_strdup (mig_lab_disk_directory (lab));
      run_host->disk_why_not = g_strdup (mig_lab_disks_why_not (lab));
      run_host->tls_why_not = g_strdup (mig_lab_tls_why_not (lab));
      run_host->kernel = g_strdup (mig_lab_kernel (lab));
      run_host->initrd = g_strdup (mig_lab_initrd (lab));
      if (!run_host->migrate_uri)
        run_host->migrate_uri = g_strdup (mig_lab_migrate_uri (lab, index));
      /* in namespaces nobody else is there; on loopback nobody else may get in */
      if (mig_lab_mode (lab) == MIG_LAB_MODE_LOOPBACK)
        run_host->listen_address = "127.0.0.1";
      mig_run_host_set_emulator (run_host, mig_lab_emulator (lab));
    }
  else
    mig_run_host_set_emulator (run_host, options->emulator);
  run_host->template_file = mig_default_template (run_host, in_lab && !kvm);
  return run_host;
}

/* warn_of_network: that guests which are to have one have none. */
static void
warn_of_network (const MigStudy *study, const MigLab *lab)
{
  if (!mig_study_has_network (study) || (lab && mig_lab_prober (lab)) ||
      (!lab && mig_study_network_is_given (&study->network)))
    return;
  const char *why = lab ? mig_lab_lan_why_not (lab) : NULL;
  mig_warning ("no network: what clients notice is not measured (%s)",
               why ? why : "elsewhere than in the lab the study's hosts need a <network>");
}

/* devices_of: the guests', on that host. */
static MigDevices
devices_of (const MigStudy *study, const MigRunHost *host)
{
  gboolean xen = mig_host_can (host->host, MIG_CAN_MANAGEMENT_DOMAIN);
  MigDevices card = xen ? MIG_DEVICE_XEN_CARD : MIG_DEVICE_CARD;

  return (mig_study_has_network (study) ? card : 0) |
         (mig_study_disks (study) ? MIG_DEVICE_DISK : 0);
}

/* pool_of: where what a host's guests boot is uploaded to; NULL: nowhere. */
static const char *
pool_of (const MigRunHost *host, const MigStudy *study, const MigSessionOptions *options)
{
  if (!mig_study_starts_guests (study))
    return NULL;
  return host->study->pool ? host->study->pool : options->pool;
}

/* note_save_place: guests are saved where what they boot lies; pool: NULL: nowhere. Xen can restore
 * them, but that their migrations take as long as those of booted ones is not shown. */
static gboolean
note_save_place (MigRunHost *host, const char *pool, GError **error)
{
  MigPlaceState state;

  if (!pool || mig_host_can (host->host, MIG_CAN_MANAGEMENT_DOMAIN))
    return TRUE;
  host->save_place = g_strdup (pool);
  if (!mig_host_look_at_place (host->host, pool, &state, error))
    return FALSE;
  host->save_path = state.directory;
  host->save_remote = state.remote;
  return TRUE;
}

/* prepare_places: all of them, before anything is uploaded to one. */
static gboolean
prepare_places (MigSession *session, const MigStudy *study, const MigSessionOptions *options,
                GError **error)
{
  for (guint i = 0; i < session->hosts->len; i++)
    {
      MigRunHost *host = g_ptr_array_index (session->hosts, i);
      const char *const places[] = { pool_of (host, study, options),
                                     mig_study_disks (study) ? host->study->disk_pool : NULL };
      for (guint k = 0; k < G_N_ELEMENTS (places); k++)
        if (places[k] && ((!session->undo && !(session->undo = mig_undo_new (error))) ||
                          !mig_storage_place_prepare (host, places[k], session->undo, error)))
          return FALSE;
      if (!note_save_place (host, places[0], error))
        return FALSE;
    }
  return TRUE;
}

/* Files that guests boot, where a pool is named for them. */
static gboolean
upload (MigSession *session, const MigStudy *study, const MigSessionOptions *options,
        GError **error)
{
  for (guint i = 0; i < session->hosts->len; i++)
    {
      MigRunHost *host = g_ptr_array_index (session->hosts, i);
      const char *pool = pool_of (host, study, options);
      if (pool && !mig_boot_files_send (host, pool, devices_of (study, host),
                                        options->remove_uploads, session->undo, error))
        return FALSE;
    }
  return TRUE;
}

/* lab_takes: an option of hosts of one's own. */
static gboolean
lab_takes (const char *option, const char *pool, GError **error)
{
  if (pool)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "--%s=%s: the lab has no storage pools and needs none; give it with --source and "
                 "--destination",
                 option, pool);
  return !pool;
}

MigSession *
mig_session_open (MigStudy *study, const MigSessionOptions *options, GError **error)
{
  g_autoptr (MigSession) session = g_new0 (MigSession, 1);
  guint recovered = 0;

  session->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
  if (!mig_session_options_apply (options, study, error) || !mig_loop_start (error) ||
      !mig_undo_recover (&recovered, error))
    return NULL;
  if (!((MigStudyHost *) g_ptr_array_index (study->hosts, 0))->uri)
    {
      if (!lab_takes ("pool", options->pool, error) ||
          !lab_takes ("disk-pool", options->disk_pool, error))
        return NULL;
      session->lab = start_lab (study, options, error);
      if (!session->lab)
        return NULL;
    }
  g_autoptr (GPtrArray) servers = mig_servers_prepare (study, session->lab, error);
  for (guint i = 0; servers && i < study->hosts->len; i++)
    {
      MigRunHost *host = open_host (study, i, session->lab, options, error);
      if (!host)
        return NULL;
      host->servers = g_ptr_array_ref (servers);
      g_ptr_array_add (session->hosts, host);
    }
  if (!servers)
    return NULL;
  mig_hosts_find_baseline (session->hosts, study);
  if (mig_study_starts_guests (study))
    mig_hosts_find_machine (session->hosts);
  if (!prepare_places (session, study, options, error) || !upload (session, study, options, error))
    return NULL;
  warn_of_network (study, session->lab);
  return g_steal_pointer (&session);
}

void
mig_session_free (MigSession *session)
{
  if (!session)
    return;
  g_clear_pointer (&session->undo, mig_undo_end);
  g_clear_pointer (&session->hosts, g_ptr_array_unref);
  mig_loop_stop ();
  g_clear_pointer (&session->lab, mig_lab_free);
  g_free (session);
}

/* ---- defaults that depend on the hosts ---- */

static gboolean
has_management_domain (const MigSession *session)
{
  for (guint i = 0; i < session->hosts->len; i++)
    if (mig_host_can (((MigRunHost *) g_ptr_array_index (session->hosts, i))->host,
                      MIG_CAN_MANAGEMENT_DOMAIN))
      return TRUE;
  return FALSE;
}

static gboolean
nests_guests (const MigSession *session)
{
  for (guint i = 0; i < session->hosts->len; i++)
    {
      const MigRunHost *host = session->hosts->pdata[i];
      g_autofree char *type = host->template_file
                                  ? mig_template_domain_type (host->template_file, NULL)
                                  : NULL;
      if (g_strcmp0 (type, "kvm") == 0 && mig_host_is_virtual (host->host))
        return TRUE;
    }
  return FALSE;
}

MigHostTraits
mig_session_host_traits (const MigSession *session)
{
  return (MigHostTraits){ .management_domain = has_management_domain (session),
                          .nested = nests_guests (session) };
}

/* ---- the link ---- */

gboolean
mig_session_has_link (const MigSession *session)
{
  return session->lab && mig_lab_mode (session->lab) == MIG_LAB_MODE_NAMESPACES;
}

gboolean
mig_session_shape_link (guint64 bytes_per_s, gpointer session, GError **error)
{
  g_autofree char *rate = mig_units_format_rate ((gint64) bytes_per_s);
  guint64 measured = 0;

  if (!mig_lab_shape_link (((MigSession *) session)->lab, bytes_per_s, &measured, error))
    return FALSE;
  g_autofree char *carries = mig_units_format_rate ((gint64) measured);
  mig_info ("the lab's link is set to %s and carries %s", rate, carries);
  return TRUE;
}

/* ---- the environment ---- */

static gint64
rate_of (guint64 rate)
{
  return rate ? (gint64) rate : MIG_MISSING_INT;
}

const char *
mig_session_prober (const MigSession *session)
{
  return session->lab ? mig_lab_prober (session->lab) : NULL;
}

/* Where the study asks for no network there is nothing to tell. */
static gboolean
write_network (const MigLab *lab, MigResultWriter *writer, GError **error)
{
  const char *why = mig_lab_lan_why_not (lab);
  g_autofree char *text = why ? g_strdup_printf ("none: %s", why)
                              : g_strdup ("bridges, a switch, a client that probes");

  return (!why && !mig_lab_prober (lab)) ||
         mig_fact_write (writer, MIG_FACT_LAB_NETWORK, NULL, text, error);
}

/* lab_mode: NULL: no lab. */
static const char *
lab_mode (const MigLab *lab)
{
  if (!lab)
    return NULL;
  return mig_lab_mode (lab) == MIG_LAB_MODE_NAMESPACES
             ? "network namespaces, shaped veth pair"
             : "loopback, bandwidth limit instead of a link";
}

gboolean
mig_session_write_lab (const MigSession *session, MigResultWriter *writer, GError **error)
{
  const MigLab *lab = session->lab;
  const char *why_not = NULL;

  if (!lab)
    return TRUE;
  gboolean kvm = mig_lab_has_kvm (lab, &why_not);
  return mig_fact_write (writer, MIG_FACT_LAB_MODE, NULL, lab_mode (lab), error) &&
         mig_fact_write (writer, MIG_FACT_LAB_VIRTUALIZATION, NULL,
                         kvm ? "KVM" : "software emulation (TCG)", error) &&
         (kvm || mig_fact_write (writer, MIG_FACT_LAB_WHY_NOT_KVM, NULL, why_not, error)) &&
         mig_fact_write (writer, MIG_FACT_LAB_CPU_SHARING, NULL, mig_lab_cpu_sharing (lab),
                         error) &&
         write_network (lab, writer, error) &&
         mig_fact_write_int (writer, MIG_FACT_LINK_CONFIGURED, NULL,
                             rate_of (mig_lab_link_rate (lab)), error) &&
         mig_fact_write_int (writer, MIG_FACT_LINK_MEASURED, NULL,
                             rate_of (mig_lab_link_rate_measured (lab)), error) &&
         mig_fact_write (writer, MIG_FACT_LINK_CONGESTION_CONTROL, NULL,
                         mig_lab_congestion_control (lab), error);
}

/* check_lab: that the hosts are the lab's as they were, or are not as they were not. */
static gboolean
check_lab (const MigSession *session, const GPtrArray *rows, GError **error)
{
  const char *before = mig_fact_find (rows, MIG_FACT_LAB_MODE, NULL);
  const char *now = lab_mode (session->lab);

  if (g_strcmp0 (before, now) == 0)
    return TRUE;
  if (!before)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "the run did not begin in the lab; name its hosts with --source and "
                 "--destination, or with --host");
  else if (!now)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "the run began in the lab and can only go on there; leave out the options that "
                 "name hosts");
  else
    g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                 "the lab is not as it was when the run began: it was '%s' and is '%s'; begin "
                 "another run",
                 before, now);
  return FALSE;
}

gboolean
mig_session_check (const MigSession *session, const GPtrArray *rows, GError **error)
{
  return check_lab (session, rows, error) && mig_environment_check (rows, session->hosts, error);
}

gint64
mig_session_daemon_cpu (guint host, gpointer session)
{
  const MigLab *lab = ((MigSession *) session)->lab;

  return lab && host < mig_lab_n_hosts (lab) ? mig_lab_daemon_cpu (lab, host) : MIG_MISSING_INT;
}
