/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <string.h>

#include "base/units.h"
#include "base/xml.h"
#include "virt/inspect.h"
#include "virt/internal.h"
#include "virt/obstacle.h"
#include "virt/obstacle-list.h"
#include "virt/obstacle-question.h"

/* What a destination lacks for a guest, as far as its libvirt tells. */

struct _MigGuestNeeds {
  MigGuest *guest;
  MigMigrationFlags flags;
  xmlDocPtr doc; /* NULL: it does not tell */
  xmlXPathContextPtr context;
};

char **
mig_question_texts (const MigObstacleQuestion *self, const char *path)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  self->context->node = NULL;
  xmlXPathObjectPtr nodes = xmlXPathEvalExpression (BAD_CAST path, self->context);
  for (int i = 0; nodes && nodes->nodesetval && i < nodes->nodesetval->nodeNr; i++)
    {
      g_autofree char *text = mig_node_text (nodes->nodesetval->nodeTab[i]);
      g_strv_builder_add (all, text);
    }
  xmlXPathFreeObject (nodes);
  return g_strv_builder_end (all);
}

char *
mig_question_text (const MigObstacleQuestion *self, const char *path)
{
  g_auto (GStrv) all = mig_question_texts (self, path);

  return g_strdup (all[0] ? all[0] : "");
}

static void
look_at_name (const MigObstacleQuestion *self)
{
  g_autoptr (virDomain) other = virDomainLookupByName (self->to->connection, self->guest->name);
  char uuid[VIR_UUID_STRING_BUFLEN];

  if (other && virDomainGetUUIDString (other, uuid) == 0 && strcmp (uuid, self->guest->uuid) != 0)
    mig_obstacle_add (self->obstacles, TRUE,
                      g_strdup_printf ("another domain has the name '%s'", self->guest->name),
                      "rename or undefine it there");
}

static void
look_at_networks (const MigObstacleQuestion *self)
{
  g_auto (GStrv) names = mig_question_texts (self, "/domain/devices/interface/source/@network");

  for (guint i = 0; names[i]; i++)
    {
      virNetworkPtr network = virNetworkLookupByName (self->to->connection, names[i]);
      if (network && virNetworkIsActive (network) == 0)
        mig_obstacle_add (self->obstacles, TRUE,
                          g_strdup_printf ("its network '%s' is not active", names[i]),
                          "start it there (virsh net-start)");
      if (network)
        virNetworkFree (network);
      else if (virGetLastErrorCode () == VIR_ERR_NO_NETWORK)
        mig_obstacle_add (self->obstacles, TRUE,
                          g_strdup_printf ("it has no network '%s'", names[i]),
                          "define it there (virsh net-define)");
    }
}

/* look_at_bridges: what libvirt does not call an interface may be a bridge all the same. */
static void
look_at_bridges (const MigObstacleQuestion *self)
{
  g_auto (GStrv)
      names = mig_question_texts (self, "/domain/devices/interface[@type='bridge']/source/@bridge");

  for (guint i = 0; names[i]; i++)
    {
      virInterfacePtr bridge = virInterfaceLookupByName (self->to->connection, names[i]);
      if (bridge)
        virInterfaceFree (bridge);
      else if (virGetLastErrorCode () == VIR_ERR_NO_INTERFACE)
        mig_obstacle_add (self->obstacles, FALSE,
                          g_strdup_printf ("libvirt knows no bridge '%s' there", names[i]),
                          "make one of that name there");
    }
}

/* look_at_memory: the most that it may have, whatever its balloon leaves it now; what is in huge
 * pages is not in what a host has free besides. */
static void
look_at_memory (const MigObstacleQuestion *self)
{
  g_auto (GStrv) huge = mig_question_texts (self, "/domain/memoryBacking/hugepages");
  g_autofree char *most = mig_question_text (self, "/domain/memory");
  guint64 most_bytes = g_ascii_strtoull (most, NULL, 10) * MIG_KIB, free_bytes = 0;

  if (!huge[0] && mig_host_free_memory (self->to, &free_bytes, NULL) && free_bytes < most_bytes)
    mig_obstacle_add (self->obstacles, FALSE,
                      g_strdup_printf ("it may have %.0f MiB, and %.0f MiB are free there",
                                       (double) most_bytes / MIG_MIB,
                                       (double) free_bytes / MIG_MIB),
                      "make room there, or give it less (virsh setmaxmem)");
}

static guint
last_node (const char *nodeset)
{
  const char *last = nodeset + strlen (nodeset);

  while (last > nodeset && g_ascii_isdigit (last[-1]))
    last--;
  return (guint) g_ascii_strtoull (last, NULL, 10);
}

static void
look_at_nodes (const MigObstacleQuestion *self)
{
  g_auto (GStrv)
      sets = mig_question_texts (self, "/domain/numatune/memory[@mode='strict']/@nodeset"
                                       " | /domain/numatune/memnode[@mode='strict']/@nodeset");
  unsigned long long free_bytes[64];
  int nodes = virNodeGetCellsFreeMemory (self->to->connection, free_bytes, 0,
                                         G_N_ELEMENTS (free_bytes));

  for (guint i = 0; sets[i] && nodes > 0; i++)
    if (last_node (sets[i]) >= (guint) nodes)
      mig_obstacle_add (self->obstacles, TRUE,
                        g_strdup_printf ("its memory is bound to NUMA node %u, and there are %d",
                                         last_node (sets[i]), nodes),
                        "bind it to nodes that both hosts have (virsh numatune)");
}

/* huge_sizes: those of the host's huge pages in KiB, as libvirt knows them; NULL-ended, never NULL.
 * known: FALSE: it does not tell. The caller frees it. */
static char **
huge_sizes (const MigObstacleQuestion *self, gboolean *known)
{
  g_auto (GStrv) all = mig_host_capability_texts (self->to, "/capabilities/host/cpu/pages/@size");
  g_autoptr (GStrvBuilder) huge = g_strv_builder_new ();
  guint64 least = G_MAXUINT64; /* that of its ordinary pages */

  *known = all[0] != NULL;
  for (guint i = 0; all[i]; i++)
    least = MIN (least, g_ascii_strtoull (all[i], NULL, 10));
  for (guint i = 0; all[i]; i++)
    if (g_ascii_strtoull (all[i], NULL, 10) > least)
      g_strv_builder_add (huge, all[i]);
  return g_strv_builder_end (huge);
}

/* free_pages: of that size; FALSE: libvirt does not tell. */
static gboolean
free_pages (const MigObstacleQuestion *self, const char *size, guint64 *free_kib)
{
  unsigned int size_kib = (unsigned int) g_ascii_strtoull (size, NULL, 10);
  unsigned long long counts[64] = { 0 };
  int n = size_kib ? virNodeGetFreePages (self->to->connection, 1, &size_kib, 0,
                                          G_N_ELEMENTS (counts), counts, 0)
                   : -1;

  for (int i = 0; i < n; i++)
    *free_kib += counts[i] * size_kib;
  return n > 0;
}

/* look_at_huge_pages: those of the sizes that it names, else of all: which one is the default is
 * not known here. Where it names several, or only some of its nodes, how much each has to hold is
 * not either. */
static void
look_at_huge_pages (const MigObstacleQuestion *self)
{
  g_auto (GStrv) any = mig_question_texts (self, "/domain/memoryBacking/hugepages");
  g_auto (GStrv) named = mig_question_texts (self, "/domain/memoryBacking/hugepages/page/@size");
  g_auto (GStrv) nodes = mig_question_texts (self, "/domain/memoryBacking/hugepages/page/@nodeset");
  g_autofree char *memory = mig_question_text (self, "/domain/memory");
  guint64 wanted_kib = g_ascii_strtoull (memory, NULL, 10), free_kib = 0;
  gboolean known;

  if (!any[0])
    return;
  g_auto (GStrv) there = huge_sizes (self, &known);
  char **sizes = named[0] ? named : there;
  gboolean offered = FALSE; /* pages that are not free now may be later */
  if (!known && !named[0])
    return;
  for (guint i = 0; sizes[i]; i++)
    {
      gboolean has = known && g_strv_contains ((const char *const *) there, sizes[i]);
      if (!free_pages (self, sizes[i], &free_kib) && (!known || has))
        return; /* how many are free is not known */
      offered |= has;
    }
  if (free_kib >= wanted_kib)
    return;
  g_autofree char *of = g_strjoinv (" or ", sizes);
  mig_obstacle_add (self->obstacles, !offered && !nodes[0] && g_strv_length (named) <= 1,
                    g_strdup_printf ("%.0f MiB are free there in huge pages%s%s%s, and it may need "
                                     "%.0f MiB",
                                     (double) free_kib / 1024, sizes[0] ? " of " : "", of,
                                     sizes[0] ? " KiB" : "", (double) wanted_kib / 1024),
                    "reserve them there (virsh allocpages)");
}

MigGuestNeeds *
mig_guest_needs_new (MigGuest *guest, const char *xml, const MigMigrationFlags *flags)
{
  MigGuestNeeds *self = g_new0 (MigGuestNeeds, 1);

  self->guest = guest;
  self->flags = *flags;
  self->doc = xml ? mig_xml_parse (xml, strlen (xml), "domain", "domain", NULL) : NULL;
  self->context = self->doc ? xmlXPathNewContext (self->doc) : NULL;
  return self;
}

void
mig_guest_needs_free (MigGuestNeeds *self)
{
  xmlXPathFreeContext (self->context);
  xmlFreeDoc (self->doc);
  g_free (self);
}

GPtrArray *
mig_guest_obstacles_at (const MigGuestNeeds *needs, MigHost *to)
{
  GPtrArray *obstacles = mig_obstacles_list ();
  const MigObstacleQuestion self = { needs->guest, &needs->flags, to, needs->context, obstacles };

  look_at_name (&self);
  if (!self.context)
    return obstacles;
  look_at_networks (&self);
  look_at_bridges (&self);
  mig_obstacles_of_emulator (&self);
  mig_obstacles_of_storage (&self);
  look_at_nodes (&self);
  look_at_huge_pages (&self);
  look_at_memory (&self);
  return obstacles;
}
