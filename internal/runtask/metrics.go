package runtask

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are what the server counts. They name no run and no workspace, and labels come from short lists of words, so that no webhook makes them many.
type metrics struct {
	registry        *prometheus.Registry
	received, posts *prometheus.CounterVec
	duration        *prometheus.HistogramVec
}

func newMetrics(waiting func() float64) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		received: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gkepreflight_webhooks_total",
			Help: "Webhooks received, by what became of them."}, []string{"outcome"}),
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gkepreflight_posts_total",
			Help: "Results posted, by the status of the task and what the platform answered at last."}, []string{"status", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gkepreflight_task_duration_seconds",
			Help:    "Time from a worker taking up a task to its verdict being posted, by verdict.",
			Buckets: []float64{.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}}, []string{"verdict"}),
	}
	m.registry.MustRegister(m.received, m.posts, m.duration,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gkepreflight_queue_length", Help: "Tasks that wait for a worker."}, waiting),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, r := range receipts {
		m.received.WithLabelValues(string(r))
	}
	for _, status := range []string{passed, failed} {
		m.duration.WithLabelValues(status)
	}
	return m
}
