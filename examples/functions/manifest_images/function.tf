# ["busybox:1.36", "quay.io/prometheus/prometheus:v3.0.0"]
output "images" {
  value = provider::gkepreflight::manifest_images(<<-YAML
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          initContainers:
            - name: wait
              image: busybox:1.36
          containers:
            - name: web
              image: quay.io/prometheus/prometheus:v3.0.0
    YAML
  )
}
