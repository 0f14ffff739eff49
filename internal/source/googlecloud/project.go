package googlecloud

import "strconv"

// projects is what is told of projects: their IDs by number, and the addresses of their Compute Engine default accounts by ID.
type projects struct{ ids, accounts map[string]string }

// Project adds a project: its number, and the address of the Compute Engine default service account where it is told. Where it is not, it follows
// from the number (IAM documentation, "Default service accounts").
func (v *Inventory) Project(id string, number int64, defaultAccount string) {
	if id == "" {
		return
	}
	if v.projects.ids == nil {
		v.projects = projects{ids: map[string]string{}, accounts: map[string]string{}}
	}
	if number > 0 {
		text := strconv.FormatInt(number, 10)
		v.projects.ids[text] = id
		if v.projects.accounts[id] == "" {
			v.projects.accounts[id] = text + "-compute@developer.gserviceaccount.com"
		}
	}
	if defaultAccount != "" {
		v.projects.accounts[id] = defaultAccount
	}
}

// projectID is the ID of a project that is named by its ID or its number; a number nobody told the ID of stays.
func (v *Inventory) projectID(project string) string {
	if id := v.projects.ids[project]; id != "" {
		return id
	}
	return project
}
