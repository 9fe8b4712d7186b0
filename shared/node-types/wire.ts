import * as z from 'zod'

const types = z.array(z.object({ id: z.string(), cpus: z.int(), memory: z.number().describe('GB'), withNVMe: z.boolean() }))

/** Payload of `GET /api/clusters/nodes/supported-types` (contract §1.4). */
export const supportedTypesSchema = z.object({
  azure: z.object({ head: types, worker: types, ronDB: z.object({ mgmd: types, ndbd: types, mysqld: types, api: types }) }),
})

export const resizableNodeTypes = ['head', 'rondb_data', 'rondb_mysql', 'rondb_api', 'rondb_aio'] as const
export type ResizableNodeType = (typeof resizableNodeTypes)[number]

const fixedNodeTypes = ['worker', 'rondb_management'] as const

/** Body of `PUT …/nodes/modify-instance-type`. */
export const modifyRequestSchema = z.object({
  nodeInfo: z.object({
    nodeType: z
      .enum([...resizableNodeTypes, ...fixedNodeTypes])
      .refine((type): type is ResizableNodeType => !fixedNodeTypes.some((fixed) => fixed === type), {
        error: ({ input }) => `modifying instance type for ${input} is not supported`,
      }),
    instanceType: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the name of a VM size, e.g. Standard_D8_v3'),
  }),
})
export type NodeInfo = z.output<typeof modifyRequestSchema>['nodeInfo']
