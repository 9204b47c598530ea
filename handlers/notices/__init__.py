"""通知: a coordinator's words or file to several groups, who has confirmed, and one reminder to those who have not."""
