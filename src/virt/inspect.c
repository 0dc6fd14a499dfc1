/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/tree.h>
#include <libxml/uri.h>
#include <libxml/xpath.h>
#include <string.h>

#include "base/xml.h"
#include "virt/inspect.h"
#include "virt/internal.h"
#include "virt/domain-xml.h"

/* element: the first element of that XPath in a document, as XML of its own; NULL where there is
 * none. */
static char *
element (const char *xml, const char *xpath)
{
  xmlDocPtr doc = xml ? mig_xml_parse (xml, strlen (xml), "host", "capabilities", NULL) : NULL;
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;
  xmlXPathObjectPtr object = context ? xmlXPathEvalExpression (BAD_CAST xpath, context) : NULL;
  char *text = NULL;

  if (object && object->nodesetval && object->nodesetval->nodeNr > 0)
    {
      xmlBufferPtr buffer = xmlBufferCreate ();
      xmlNodeDump (buffer, doc, object->nodesetval->nodeTab[0], 0, 0);
      text = g_strdup ((const char *) xmlBufferContent (buffer));
      xmlBufferFree (buffer);
    }
  xmlXPathFreeObject (object);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
  return text;
}

/* host_cpu: <cpu> as the host describes itself. */
static char *
host_cpu (MigHost *host)
{
  char *xml = virConnectGetCapabilities (host->connection);
  char *cpu = element (xml, "/capabilities/host/cpu");
  free (xml);
  return cpu;
}

MigCpuMatch
mig_host_compare_cpu (MigHost *from, MigHost *to)
{
  g_autofree char *cpu = host_cpu (from);

  switch (cpu ? virConnectCompareCPU (to->connection, cpu, 0) : VIR_CPU_COMPARE_ERROR)
    {
    case VIR_CPU_COMPARE_INCOMPATIBLE:
      return MIG_CPU_INCOMPATIBLE;
    case VIR_CPU_COMPARE_IDENTICAL:
      return MIG_CPU_IDENTICAL;
    case VIR_CPU_COMPARE_SUPERSET:
      return MIG_CPU_SUPERSET;
    default:
      return MIG_CPU_UNKNOWN;
    }
}

char *
mig_host_baseline_cpu (MigHost *one, MigHost *other)
{
  g_autofree char *first = host_cpu (one);
  g_autofree char *second = host_cpu (other);
  const char *cpus[] = { first, second };
  char *baseline = first && second ? virConnectBaselineCPU (other->connection, cpus, 2, 0) : NULL;
  char *model = element (baseline, "/cpu/model/text()");

  free (baseline);
  return model;
}

/* is_arriving: its state, by its record of virConnectGetAllDomainStats. */
static gboolean
is_arriving (const virDomainStatsRecord *record)
{
  int state = 0, reason = 0;

  virTypedParamsGetInt (record->params, record->nparams, "state.state", &state);
  virTypedParamsGetInt (record->params, record->nparams, "state.reason", &reason);
  return mig_domain_is_arriving (record->dom, state, reason);
}

GPtrArray *
mig_host_arriving_guests (MigHost *host)
{
  GPtrArray *guests = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_free);
  virDomainStatsRecordPtr *records = NULL;
  int n = virConnectGetAllDomainStats (host->connection, VIR_DOMAIN_STATS_STATE, &records,
                                       VIR_CONNECT_GET_ALL_DOMAINS_STATS_PAUSED);

  for (int i = 0; i < n; i++)
    if (is_arriving (records[i]))
      {
        virDomainRef (records[i]->dom);
        g_ptr_array_add (guests, mig_guest_new (host, records[i]->dom));
      }
  if (n >= 0)
    virDomainStatsRecordListFree (records);
  return guests;
}

/* arriving_on: their UUIDs. */
static GHashTable *
arriving_on (MigHost *host)
{
  GHashTable *uuids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) guests = mig_host_arriving_guests (host);

  for (guint i = 0; i < guests->len; i++)
    g_hash_table_add (uuids, g_strdup (mig_guest_uuid (guests->pdata[i])));
  return uuids;
}

GPtrArray *
mig_host_guests (MigHost *host, GError **error)
{
  g_autoptr (GPtrArray) guests = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_free);
  virDomainPtr *domains = NULL;
  g_autoptr (GHashTable) arriving = arriving_on (host);
  int n = virConnectListAllDomains (host->connection, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);

  if (n < 0)
    {
      mig_virt_error (error, "cannot list the guests of host '%s'", host->name);
      return NULL;
    }
  for (int i = 0; i < n; i++)
    {
      char uuid[VIR_UUID_STRING_BUFLEN] = "";
      virDomainGetUUIDString (domains[i], uuid);
      if (virDomainGetID (domains[i]) == 0 || g_hash_table_contains (arriving, uuid))
        virDomainFree (domains[i]);
      else
        g_ptr_array_add (guests, mig_guest_new (host, domains[i]));
    }
  free (domains);
  return g_steal_pointer (&guests);
}

char **
mig_host_marked_guests (MigHost *host)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  virDomainPtr *domains = NULL;
  int n = virConnectListAllDomains (host->connection, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);

  for (int i = 0; i < n; i++)
    {
      char *xml = virDomainGetXMLDesc (domains[i], 0);
      if (xml && mig_domain_xml_is_marked (xml))
        g_strv_builder_add (names, virDomainGetName (domains[i]));
      free (xml);
      virDomainFree (domains[i]);
    }
  free (domains);
  return g_strv_builder_end (names);
}

gboolean
mig_host_is_local (const MigHost *host)
{
  xmlURIPtr uri = xmlParseURI (host->uri);
  gboolean local = uri && (!uri->server || !*uri->server || strcmp (uri->server, "localhost") == 0);

  xmlFreeURI (uri);
  return local;
}

gboolean
mig_host_pools (MigHost *host, guint *pools, guint64 *free_bytes)
{
  virStoragePoolPtr *list = NULL;
  int n = virConnectListAllStoragePools (host->connection, &list,
                                         VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE);

  if (n < 0)
    return FALSE;
  *pools = (guint) n;
  *free_bytes = 0;
  for (int i = 0; i < n; i++)
    {
      virStoragePoolInfo info;
      if (virStoragePoolGetInfo (list[i], &info) == 0)
        *free_bytes += info.available;
      virStoragePoolFree (list[i]);
    }
  free (list);
  return TRUE;
}

gboolean
mig_host_has_volume (MigHost *host, const char *path)
{
  virStorageVolPtr volume = virStorageVolLookupByPath (host->connection, path);
  if (volume)
    virStorageVolFree (volume);
  return volume != NULL;
}
