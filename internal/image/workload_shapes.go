package image

// The parts of the Kubernetes API that say what is pulled, where, and with which secret (k8s.io/api/core/v1).
var (
	metaShape = object(map[string]*shape{"name": aText, "generateName": aText, "namespace": aText, "annotations": labels})

	namesShape = listOf(object(map[string]*shape{"name": aText}))

	containersShape = listOf(object(map[string]*shape{"name": aText, "image": aText, "imagePullPolicy": aText}))

	volumesShape = listOf(object(map[string]*shape{
		"name":  aText,
		"image": object(map[string]*shape{"reference": aText, "pullPolicy": aText}),
	}))

	selectorTermsShape = listOf(object(map[string]*shape{
		"matchExpressions": listOf(object(map[string]*shape{"key": aText, "operator": aText, "values": listOf(aText)})),
		"matchFields":      listOf(object(map[string]*shape{"key": aText, "operator": aText, "values": listOf(aText)})),
	}))

	podShape = object(map[string]*shape{
		"containers":          containersShape,
		"initContainers":      containersShape,
		"ephemeralContainers": containersShape,
		"volumes":             volumesShape,
		"imagePullSecrets":    namesShape,
		"serviceAccountName":  aText,
		"serviceAccount":      aText,
		"nodeSelector":        labels,
		"affinity": object(map[string]*shape{"nodeAffinity": object(map[string]*shape{
			"requiredDuringSchedulingIgnoredDuringExecution": object(map[string]*shape{"nodeSelectorTerms": selectorTermsShape}),
		})}),
		"tolerations": listOf(object(map[string]*shape{"key": aText, "operator": aText, "value": aText, "effect": aText})),
	})

	templateShape = object(map[string]*shape{"metadata": metaShape, "spec": podShape})

	scaledShape = spec(map[string]*shape{"replicas": aNumber, "template": templateShape})

	jobShape = spec(map[string]*shape{"parallelism": aNumber, "completions": aNumber, "template": templateShape})
)

// spec is an object with a specification of these fields.
func spec(fields map[string]*shape) *shape {
	return object(map[string]*shape{"metadata": metaShape, "spec": object(fields)})
}
