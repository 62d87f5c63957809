# Ce qui entoure chaque page, les formulaires, les refus, les unités, les mois.
skip = Aller au contenu
languages = Langue
places = Rubriques
trail = Où vous êtes
pages = Autres pages
pages-next = Page suivante
pages-newer = Plus récentes
pages-older = Plus anciennes
place-items = Documents
place-circles = Cercles
place-members = Membres
place-record = Registre public
place-verify = Vérifier
sign-in = Ouvrir une session
sign-out = Fermer la session
continue = Continuer
cancel = Annuler
circle-readers = { $count ->
    [one] { $count } personne peut lire ceci
   *[other] { $count } personnes peuvent lire ceci
}
foot-limits = Ce que ceci ne protège pas
foot-help = Aide
foot-about = À propos
limits-link = Ce que ceci ne protège pas

form-summary = Il y a un problème
form-error = Erreur :
form-required = Remplissez ce champ
form-too-long = Raccourcissez : c’est plus long que ce que le bureau conserve
check-stays = Ce qui est inscrit reste. Regardez encore une fois avant de continuer.
check-change = Modifier
secret-once = Ces mots ne sont montrés qu’une fois. Notez-les maintenant, sur papier, et gardez-les loin de cette machine.

refusal-start = Aller à la page d’accueil
refusal-not-found-title = Il n’y a rien ici
refusal-not-found-text = Soit cette page n’existe pas, soit il ne vous appartient pas de l’ouvrir. Vérifiez l’adresse, ou demandez à qui vous l’a donnée.
refusal-sign-in-first-title = Ouvrez d’abord une session
refusal-sign-in-first-text = Cette page est réservée aux membres du bureau.
refusal-stale-form-title = Ce formulaire n’est plus valable
refusal-stale-form-text = Rien n’a été fait. Revenez en arrière, rechargez la page et renvoyez le formulaire. Ce que vous aviez écrit est peut-être encore dans votre navigateur.
refusal-senseless-title = La demande n’a pas été comprise
refusal-senseless-text = Rien n’a été fait. Revenez en arrière et recommencez depuis la page.
refusal-too-large-title = Trop volumineux
refusal-too-large-text = Rien n’a été reçu. Le formulaire des documents accepte des fichiers de toute taille, même sans scripts ; les autres acceptent quelques pages de texte.
refusal-too-many-title = Trop de tentatives à la fois
refusal-too-many-text = Rien n’est bloqué. Attendez une demi-minute et réessayez.
refusal-busy-title = Quelqu’un a été plus rapide
refusal-busy-text = Rien n’a été fait. Le bureau était occupé, ou quelqu’un a modifié la même chose au même moment. Revenez en arrière, rechargez la page et regardez ce qui a changé.
refusal-read-only-title = Non reçu
refusal-read-only-text = Le bureau ne peut pas écrire en ce moment : son disque est plein ou défaillant. Rien de ce que vous avez envoyé n’a été gardé. Prévenez l’exploitant et renvoyez plus tard.
refusal-trouble-title = Un incident s’est produit
refusal-trouble-text = Ce n’est pas votre faute. Si vous envoyiez quelque chose, regardez s’il figure dans la liste avant de le renvoyer. Prévenez l’exploitant si cela se reproduit.

home-title = Le registre du bureau
home-lead = Documents et récits sont conservés ici chiffrés, et tout ce qu’on en fait est inscrit dans un registre que personne ne peut modifier en cachette.
home-verify = Vérifier ce que le bureau a remis
home-record-title = Un registre que des bureaux extérieurs contresignent
home-record-text = Le registre montre, pour chaque inscription, qu’elle existe et n’a pas été modifiée depuis. Il ne montre pas ce qu’elle dit.
home-record-link = Consulter le registre public
home-what-title = Si vous n’êtes pas membre
home-what-text = Vous pouvez consulter le registre public, et vérifier un fichier ou un paquet remis par le bureau, sans faire confiance au bureau.

size-bytes = { $count ->
    [one] { $count } octet
   *[other] { $count } octets
}
size-kilobytes = { $amount } ko
size-megabytes = { $amount } Mo
size-gigabytes = { $amount } Go

month-gregorian-1 = janvier
month-gregorian-2 = février
month-gregorian-3 = mars
month-gregorian-4 = avril
month-gregorian-5 = mai
month-gregorian-6 = juin
month-gregorian-7 = juillet
month-gregorian-8 = août
month-gregorian-9 = septembre
month-gregorian-10 = octobre
month-gregorian-11 = novembre
month-gregorian-12 = décembre
month-solar-1 = farvardin
month-solar-2 = ordibehecht
month-solar-3 = khordad
month-solar-4 = tir
month-solar-5 = mordad
month-solar-6 = chahrivar
month-solar-7 = mehr
month-solar-8 = âbân
month-solar-9 = âzar
month-solar-10 = dey
month-solar-11 = bahman
month-solar-12 = esfand
