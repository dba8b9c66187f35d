"""The publish gate's page: the risk as a picture, before anybody decides."""
